<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Kernel;

use Aligate\Aliexpress\Tests\FakeKernel\Child;
use Aligate\Aliexpress\Tests\FakeKernel\KernelTestCase;
use Aligate\Aliexpress\Tests\FakeKernel\Shop;
use Bitrix\Main\Application;
use Bitrix\Main\ArgumentOutOfRangeException;
use Bitrix\Main\Event;
use Bitrix\Main\EventManager;
use Bitrix\Sale\Basket;
use Bitrix\Sale\Delivery\Services\Manager as Deliveries;
use Bitrix\Sale\Notify;
use Bitrix\Sale\Order;
use Bitrix\Sale\PaySystem\Manager as PaySystems;

/** What a running kernel was seen to do with orders, beside the events that it sends (`ObservedEventsTest`): the traps for who writes them. */
final class OrderTest extends KernelTestCase
{
    private Shop $shop;
    private int $shirt;

    protected function setUp(): void
    {
        parent::setUp();
        $this->shop = new Shop();
        $this->shirt = $this->shop->product('Shirt', 5, 100);
    }

    protected function tearDown(): void
    {
        Notify::setNotifyDisable(false);
        $this->nextHit();
        parent::tearDown();
    }

    /** @test */
    public function payingAsksThePresentUserWithoutLookingWhetherThereIsOne(): void
    {
        global $USER;
        $order = $this->order(1);
        $user = $USER;
        $USER = null;
        try {
            $order->getPaymentCollection()[0]->setPaid('Y');
            self::fail('there is nobody to ask');
        } catch (\Error $error) {
            self::assertStringContainsString('GetID', $error->getMessage());
        } finally {
            $USER = $user;
        }
        $another = $this->order(1);
        self::assertTrue($another->getPaymentCollection()[0]->setPaid('Y')->isSuccess());
        self::assertTrue($another->isPaid());
    }

    /** @test */
    public function whatIsNoFieldOfAnOrderIsRefusedLoudly(): void
    {
        $this->expectException(ArgumentOutOfRangeException::class);
        $this->order(1)->setField('NO_SUCH_FIELD', 'x');
    }

    /** @test */
    public function anEventTellsWhatWasThereBeforeAndComesWithoutAChangeToo(): void
    {
        $id = $this->order(1)->save()->getId();
        $told = [];
        EventManager::getInstance()->addEventHandler('sale', 'OnSaleOrderSaved', static function (Event $event) use (&$told): void {
            $told[] = [$event->getParameter('IS_CHANGED'), $event->getParameter('VALUES')['STATUS_ID'] ?? null, $event->getParameter('ENTITY')->getField('STATUS_ID')];
        });
        $order = Order::load($id);
        $order->setField('STATUS_ID', 'F');
        $order->save();
        Order::load($id)->save();
        self::assertSame([[true, 'N', 'F'], [false, null, 'F']], $told);
    }

    /** @test */
    public function aSaveOpensNoTransactionAndAThrowingHandlerTakesNothingBack(): void
    {
        $levels = [];
        EventManager::getInstance()->addEventHandler('sale', 'OnSaleOrderSaved', static function () use (&$levels): void {
            $connection = Application::getConnection();
            $levels[] = \Closure::bind(static fn ($of): int => $of->transactionLevel, null, $connection::class)($connection);
            throw new \DomainException('a handler of the shop');
        });
        try {
            $this->order(2)->save();
            self::fail('what a handler throws reaches the caller');
        } catch (\DomainException) {
        }
        self::assertSame([0], $levels);
        self::assertSame('1', Application::getConnection()->queryScalar('SELECT COUNT(*) FROM b_sale_order'));
        self::assertSame(3.0, $this->shop->quantity($this->shirt), 'and its pieces are reserved');
    }

    /** @test */
    public function theBuyersMailIsOffWhereItIsTurnedOff(): void
    {
        Notify::setNotifyDisable(true);
        $this->order(1)->save();
        self::assertSame('0', $this->mails());
        Notify::setNotifyDisable(false);
        $this->order(1)->save();
        self::assertNotSame('0', $this->mails());
    }

    private function mails(): string
    {
        return (string)Application::getConnection()->queryScalar('SELECT COUNT(*) FROM b_event');
    }

    /** @test */
    public function aShortageThatComesBeforeTheSaveIsAWarningAndAMark(): void
    {
        $order = $this->order(4);
        $this->nextHitTakes(3);
        $result = $order->save();
        self::assertTrue($result->isSuccess(), 'the order is written');
        self::assertNotSame([], $result->getWarnings(), 'what is wrong hides among the warnings');
        self::assertSame('Y', Order::load($order->getId())->getField('MARKED'));
        self::assertSame(2.0, $this->shop->quantity($this->shirt), 'and reserves nothing');
    }

    /** Another hit sells some meanwhile. */
    private function nextHitTakes(int $pieces): void
    {
        Application::getConnection()->queryExecute("UPDATE b_catalog_product SET QUANTITY = QUANTITY - $pieces WHERE ID = {$this->shirt}");
        \Bitrix\Catalog\Model\Product::clearCache();
    }

    /** @test */
    public function anExternalCodeOfOrdersIsNotUnique(): void
    {
        foreach ([1, 1] as $pieces) {
            $order = $this->order($pieces);
            $order->setField('XML_ID', 'aliexpress_1');
            self::assertTrue($order->save()->isSuccess());
        }
        self::assertSame('2', Application::getConnection()->queryScalar("SELECT COUNT(*) FROM b_sale_order WHERE XML_ID = 'aliexpress_1'"));
    }

    /** @test */
    public function aNamedLockIsOneConnectionsAndGoesWithIt(): void
    {
        $hold = 'echo (int)\Bitrix\Main\Application::getConnection()->lock("vendor.order.1"), "\n"; fgets(STDIN);';
        $other = Child::code($this->site, $hold);
        self::assertSame('1', $other->line());
        self::assertFalse(Application::getConnection()->lock('vendor.order.1'));
        $other->kill();
        self::assertTrue(Application::getConnection()->lock('vendor.order.1', 10));
        self::assertTrue(Application::getConnection()->lock('vendor.order.1'), 'the same connection may take it again');
    }

    /** An order of shirts with a shipment and a payment; not yet saved. */
    private function order(int $quantity): Order
    {
        $order = Order::create('s1', 1, 'RUB');
        $order->setPersonTypeId(1);
        $basket = Basket::create('s1');
        $item = $basket->createItem('catalog', $this->shirt);
        $item->setFields(['QUANTITY' => $quantity, 'CURRENCY' => 'RUB', 'LID' => 's1', 'PRODUCT_PROVIDER_CLASS' => '\Bitrix\Catalog\Product\CatalogProvider']);
        $order->setBasket($basket);
        $shipment = $order->getShipmentCollection()->createItem(Deliveries::getObjectById(2));
        $shipment->getShipmentItemCollection()->createItem($item)->setQuantity($quantity);
        $order->getPaymentCollection()->createItem(PaySystems::getObjectById(2))->setField('SUM', $order->getPrice());

        return $order;
    }
}
