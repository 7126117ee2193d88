<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Catching;

use Aligate\Aliexpress\Outbox\Importing;
use Aligate\Aliexpress\Tests\FakeKernel\ErrorLog;
use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;
use Bitrix\Sale\Basket;
use Bitrix\Sale\Delivery\Services\Manager as Deliveries;
use Bitrix\Sale\Internals\OrderTable;
use Bitrix\Sale\Internals\ShipmentTable;
use Bitrix\Sale\Order;
use Bitrix\Sale\PaySystem\Manager as PaySystems;
use Bitrix\Sale\Shipment;

require_once __DIR__ . '/CatchingTestCase.php';

/** The coverage matrix of orders: what a change of an order leaves in the outbox, of the order and of the stock it takes. */
final class OrderMatrixTest extends CatchingTestCase
{
    private const PRODUCT = 101;

    protected function setUp(): void
    {
        parent::setUp();
        $this->insert('b_iblock_element', ['ID' => self::PRODUCT, 'IBLOCK_ID' => self::GOODS, 'NAME' => 'Cap', 'ACTIVE' => 'Y']);
        $this->insert('b_catalog_product', [
            'ID' => self::PRODUCT, 'TYPE' => 1, 'QUANTITY' => 9, 'QUANTITY_TRACE' => 'Y', 'CAN_BUY_ZERO' => 'N', 'AVAILABLE' => 'Y',
        ]);
        $this->insert('b_catalog_price', [
            'PRODUCT_ID' => self::PRODUCT, 'CATALOG_GROUP_ID' => 1, 'PRICE' => '100', 'PRICE_SCALE' => '100', 'CURRENCY' => 'RUB',
        ]);
        $this->insert('b_catalog_store', ['ID' => 1, 'TITLE' => 'Main', 'ACTIVE' => 'Y', 'ADDRESS' => 'a']);
        $this->insert('b_catalog_store_product', ['PRODUCT_ID' => self::PRODUCT, 'STORE_ID' => 1, 'AMOUNT' => 9]);
        $this->nextHit();
    }

    /** @test */
    public function aShopsOwnOrderTakesStockAndIsNotReported(): void
    {
        $this->place();
        self::assertSame(['1 S 101 order'], $this->changes());
    }

    /** @test */
    public function withWarehouseAccountingTheStockOfTheWarehouseIsMarked(): void
    {
        Option::set('catalog', 'default_use_store_control', 'Y');
        $this->forgetChanges();
        $this->nextHit();
        $this->place();
        self::assertSame(['1 S 101 order'], $this->changes());
    }

    /**
     * @test
     * @dataProvider changesOfOrders
     * @param list<\Closure(Order): mixed> $before
     * @param \Closure(Order): mixed $change false: it wrote by itself
     * @param list<string> $expected
     */
    public function aChangeOfAnOrderOfAliExpressIsCaught(array $before, \Closure $change, array $expected): void
    {
        $id = $this->place();
        $this->insert('b_aligate_aliexpress_order', ['CONNECTION_ID' => 1, 'ALIEXPRESS_ORDER_ID' => '81', 'ORDER_ID' => $id]);
        foreach ($before as $step) {
            $this->change($id, $step);
        }
        $this->endHit();
        $this->forgetChanges();
        $this->change($id, $change);

        self::assertSame($expected, array_map(static fn (string $row): string => str_replace(" $id ", ' ID ', $row), $this->changes()));
        self::assertSame([], ErrorLog::all());
    }

    /** @return array<string, array{list<\Closure(Order): mixed>, \Closure(Order): mixed, list<string>}> */
    public static function changesOfOrders(): array
    {
        $shipment = static fn (Order $order): Shipment => $order->getShipmentCollection()->getNotSystemItems()[0];
        $pay = static fn (Order $order) => $order->getPaymentCollection()[0]->setPaid('Y');
        $deduct = static fn (Order $order) => $shipment($order)->setField('DEDUCTED', 'Y');
        $cancel = static fn (Order $order) => $order->setField('CANCELED', 'Y');
        $order = ['1 O ID order'];
        $both = ['1 O ID order', '1 S 101 order'];

        return [
            'comment' => [[], static fn (Order $order) => $order->setField('COMMENTS', 'c'), $order],
            'status' => [[], static fn (Order $order) => $order->setField('STATUS_ID', 'F'), $order],
            'payment' => [[], $pay, $order],
            'payment taken back' => [[$pay], static fn (Order $order) => $order->getPaymentCollection()[0]->setPaid('N'), $order],
            'tracking number' => [[], static fn (Order $order) => $shipment($order)->setField('TRACKING_NUMBER', 'RB1CN'), $order],
            'tracking number cleared' => [
                [static fn (Order $order) => $shipment($order)->setField('TRACKING_NUMBER', 'RB1CN')],
                static fn (Order $order) => $shipment($order)->setField('TRACKING_NUMBER', ''),
                $order,
            ],
            'status of the shipment' => [[], static fn (Order $order) => $shipment($order)->setField('STATUS_ID', 'DF'), $order],
            'delivery allowed' => [[], static fn (Order $order) => $shipment($order)->allowDelivery(), $order],
            'shipped' => [[], $deduct, $both],
            'taken back' => [[$deduct], static fn (Order $order) => $shipment($order)->setField('DEDUCTED', 'N'), $both],
            'quantity' => [[], static fn (Order $order) => $order->getBasket()[0]->setField('QUANTITY', 3), $both],
            'cancelled' => [[], $cancel, $both],
            'cancelled no more' => [[$cancel], static fn (Order $order) => $order->setField('CANCELED', 'N'), $both],
            'saved without a change' => [[], static fn () => null, $order],
            'its row, past its class' => [[], static function (Order $order): bool {
                OrderTable::update($order->getId(), ['STATUS_ID' => 'F']);

                return false;
            }, $order],
            'the row of its shipment, past its class' => [[], static function (Order $order) use ($shipment): bool {
                ShipmentTable::update($shipment($order)->getId(), ['TRACKING_NUMBER' => 'X']);

                return false;
            }, $order],
            'deleted' => [[], static function (Order $order): bool {
                Order::delete($order->getId());

                return false;
            }, $both],
        ];
    }

    /** @test */
    public function whatTheImporterSavesTakesStockAndIsNotReported(): void
    {
        $id = $this->place();
        $this->insert('b_aligate_aliexpress_order', ['CONNECTION_ID' => 1, 'ALIEXPRESS_ORDER_ID' => '81', 'ORDER_ID' => $id]);
        $this->endHit();
        $this->forgetChanges();
        $this->service('importing', Importing::class)->during(
            fn () => $this->change($id, static fn (Order $order) => $order->getBasket()[0]->setField('QUANTITY', 3)),
        );
        self::assertSame(['1 S 101 order'], $this->changes());
    }

    /** @test */
    public function anOrderThatCannotBeKeptInTheOutboxIsSavedAllTheSame(): void
    {
        $database = Application::getConnection();
        $database->queryExecute('RENAME TABLE b_aligate_aliexpress_outbox TO away');
        $id = $this->place();
        $database->queryExecute('RENAME TABLE away TO b_aligate_aliexpress_outbox');
        self::assertGreaterThan(0, $id);
        self::assertNotSame([], ErrorLog::all());
        $this->endHit();
        self::assertSame(['1 S 101 order'], $this->changes());
    }

    /** Two caps, a shipment and a payment. */
    private function place(): int
    {
        $order = Order::create('s1', 1, 'RUB');
        $order->setPersonTypeId(1);
        $basket = Basket::create('s1');
        $basket->createItem('catalog', self::PRODUCT)->setFields([
            'QUANTITY' => 2, 'CURRENCY' => 'RUB', 'LID' => 's1', 'PRODUCT_PROVIDER_CLASS' => '\\Bitrix\\Catalog\\Product\\CatalogProvider',
        ]);
        $order->setBasket($basket);
        $shipment = $order->getShipmentCollection()->createItem(Deliveries::getObjectById(2));
        foreach ($basket as $item) {
            $shipment->getShipmentItemCollection()->createItem($item)->setQuantity($item->getQuantity());
        }
        $order->getPaymentCollection()->createItem(PaySystems::getObjectById(2))->setField('SUM', $order->getPrice());
        $result = $order->save();
        self::assertTrue($result->isSuccess(), implode(' ', $result->getErrorMessages()));

        return (int)$result->getId();
    }

    /** @param \Closure(Order): mixed $change */
    private function change(int $id, \Closure $change): void
    {
        $order = Order::load($id);
        self::assertInstanceOf(Order::class, $order);
        if ($change($order) !== false) {
            self::assertTrue($order->save()->isSuccess());
        }
    }
}
