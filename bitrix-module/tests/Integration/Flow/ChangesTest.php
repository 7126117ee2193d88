<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Flow;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Gateway\Gateways;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Sending\DrainReport;
use Aligate\Aliexpress\Sending\Senders;
use Aligate\Aliexpress\Tests\FakeKernel\Hit;
use Aligate\Aliexpress\Tests\Fixtures\Market;
use Aligate\Aliexpress\Tests\Fixtures\RecordingGateway;
use Aligate\Aliexpress\Tests\Fixtures\ShopRows;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;
use Bitrix\Catalog\Model;
use Bitrix\Catalog\PriceTable;
use Bitrix\Catalog\ProductTable;
use Bitrix\Catalog\StoreProductTable;
use Bitrix\Main\Application;
use Bitrix\Main\Loader;
use Bitrix\Sale\Basket;
use Bitrix\Sale\Delivery\Services\Manager as Deliveries;
use Bitrix\Sale\Order;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';
require_once dirname(__DIR__, 2) . '/Fixtures/Market.php';
require_once dirname(__DIR__, 2) . '/Fixtures/RecordingGateway.php';
require_once dirname(__DIR__, 2) . '/Fixtures/ShopRows.php';

/**
 * Rows of the coverage matrix from end to end: a change by the kernel's own classes, the handlers, the outbox, the sender, a
 * real gateway on Redis, the simulator of AliExpress behind.
 */
final class ChangesTest extends InstalledModuleTestCase
{
    private Market $market;
    private ShopRows $shop;
    private int $simple;
    private int $parent;
    private int $offer;
    private int $price;

    protected function setUp(): void
    {
        parent::setUp();
        $this->market = Market::shared();
        foreach (['iblock', 'catalog', 'currency', 'sale'] as $module) {
            Loader::includeModule($module);
        }
        $this->shop = new ShopRows();
        $this->simple = $this->shop->product('A', ['NAME' => 'Cap']);
        $this->parent = $this->shop->product('', ['NAME' => 'Shirt']);
        $this->offer = $this->shop->offer($this->parent, 'B', ['NAME' => 'Shirt M']);
        $this->shop->goods($this->simple, 5, '100.00', ['AVAILABLE' => 'Y', 'CAN_BUY_ZERO' => 'N']);
        $this->shop->goods($this->parent, 0, '100.00', ['TYPE' => 3, 'AVAILABLE' => 'Y', 'CAN_BUY_ZERO' => 'N']);
        $this->shop->goods($this->offer, 5, '100.00', ['TYPE' => 4, 'AVAILABLE' => 'Y', 'CAN_BUY_ZERO' => 'N']);
        $sql = "SELECT ID FROM b_catalog_price WHERE PRODUCT_ID = {$this->simple}";
        $this->price = (int)Application::getConnection()->queryScalar($sql);
        $this->shop->insert('b_catalog_store', ['ID' => 1, 'TITLE' => 'Main', 'ACTIVE' => 'Y', 'ADDRESS' => 'a']);
        $this->market->list([1 => ['A', 'B']]);
    }

    /** @test */
    public function whatTheShopChangesAliExpressSells(): void
    {
        $this->begin([]);
        $id = $this->simple;
        $changes = [
            ['CCatalogProduct::Update', fn () => \CCatalogProduct::Update($id, ['QUANTITY' => 9]), ['stock.changed A 9 edit']],
            ['Model\\Product::update', fn () => Model\Product::update($id, ['fields' => ['QUANTITY' => 8]]), ['stock.changed A 8 edit']],
            ['ProductTable::update', fn () => ProductTable::update($id, ['QUANTITY' => 7]), ['stock.changed A 7 edit']],
            ['a quantity that is the same', fn () => ProductTable::update($id, ['QUANTITY' => 7]), ['stock.changed A 7 edit']],
            ['CPrice::Update', fn () => \CPrice::Update($this->price, ['PRICE' => 110]), ['price.changed A 110.00 edit']],
            ['Model\\Price::update', fn () => Model\Price::update($this->price, ['fields' => ['PRICE' => 120]]), ['price.changed A 120.00 edit']],
            ['PriceTable::update', fn () => PriceTable::update($this->price, ['PRICE' => 130]), ['price.changed A 130.00 edit']],
            ['CPrice::SetBasePrice', fn () => \CPrice::SetBasePrice($id, 140, 'RUB'), ['price.changed A 140.00 edit']],
            ['a price of nothing', fn () => Model\Price::update($this->price, ['fields' => ['PRICE' => 0]]), ['stock.changed A 0 edit']],
            ['a price again', fn () => Model\Price::update($this->price, ['fields' => ['PRICE' => 145]]),
                ['price.changed A 145.00 edit', 'stock.changed A 7 edit']],
            ['CPrice::DeleteByProduct', fn () => \CPrice::DeleteByProduct($id), ['stock.changed A 0 edit']],
            ['CPrice::Add', fn () => \CPrice::Add(['PRODUCT_ID' => $id, 'CATALOG_GROUP_ID' => 1, 'PRICE' => 150, 'CURRENCY' => 'RUB']),
                ['price.changed A 150.00 edit', 'stock.changed A 7 edit']],
            ['CIBlockElement::Update ACTIVE=N', fn () => (new \CIBlockElement())->Update($id, ['ACTIVE' => 'N']), ['stock.changed A 0 edit']],
            ['CIBlockElement::Update ACTIVE=Y', fn () => (new \CIBlockElement())->Update($id, ['ACTIVE' => 'Y']), ['stock.changed A 7 edit']],
            ['the quantity of an offer', fn () => Model\Product::update($this->offer, ['fields' => ['QUANTITY' => 3]]), ['stock.changed B 3 edit']],
            ['the price of an offer', fn () => \CPrice::SetBasePrice($this->offer, 99, 'RUB'), ['price.changed B 99.00 edit']],
            ['an offer that is switched off', fn () => (new \CIBlockElement())->Update($this->offer, ['ACTIVE' => 'N']), ['stock.changed B 0 edit']],
            ['an offer that is deleted', fn () => \CIBlockElement::Delete($this->offer), ['stock.changed B 0 edit']],
            ['a product that is deleted', fn () => \CIBlockElement::Delete($id), ['stock.changed A 0 edit']],
        ];
        foreach ($changes as [$what, $change, $expected]) {
            self::assertNotFalse($change(), $what);
            self::assertSame($expected, $this->toldOfGoods(), $what);
        }
        $sells = $this->market->sells();
        self::assertSame([0, '150.00', 0, '99.00'], [$sells['A']['stock'], $sells['A']['price'], $sells['B']['stock'], $sells['B']['price']]);
    }

    /** @test */
    public function whatIsInAWarehouseIsSoldThroughBothLayersAndDocuments(): void
    {
        \Bitrix\Main\Config\Option::set('catalog', 'default_use_store_control', 'Y');
        $this->begin(['warehouse_ids' => [1]]);
        $id = $this->simple;
        $row = ['PRODUCT_ID' => $id, 'STORE_ID' => 1];
        $line = ['ELEMENT_ID' => $id, 'AMOUNT' => 2, 'STORE_FROM' => 1];
        $changes = [
            ['CCatalogStoreProduct::Add', fn () => \CCatalogStoreProduct::Add($row + ['AMOUNT' => 4]), 4],
            ['CCatalogStoreProduct::UpdateFromForm', fn () => \CCatalogStoreProduct::UpdateFromForm($row + ['AMOUNT' => 5]), 5],
            ['StoreProductTable::update', fn () => StoreProductTable::update($this->stockRow(), ['AMOUNT' => 9]), 9],
            ['a deduction', function () use ($line): bool {
                $id = \CCatalogDocs::add(['DOC_TYPE' => 'D', 'SITE_ID' => 's1', 'RESPONSIBLE_ID' => 1, 'CREATED_BY' => 1,
                    'CURRENCY' => 'RUB', 'TOTAL' => 0, 'TITLE' => 'D', 'STATUS' => 'N', 'ELEMENT' => [$line]]);

                return \CCatalogDocs::conductDocument($id, 1);
            }, 7],
            ['StoreProductTable::delete', fn () => StoreProductTable::delete($this->stockRow()), 0],
            ['StoreProductTable::add', fn () => StoreProductTable::add($row + ['AMOUNT' => 6]), 6],
            ['CCatalogStoreProduct::Delete', fn () => \CCatalogStoreProduct::Delete($this->stockRow()), 0],
        ];
        foreach ($changes as [$what, $change, $pieces]) {
            self::assertNotFalse($change(), $what);
            self::assertSame(["stock.changed A $pieces edit"], $this->toldOfGoods(), $what);
            self::assertSame($pieces, $this->market->stocks()['A'], $what);
        }
    }

    /** @test */
    public function whatAProductSaysOfItselfIsToldAnew(): void
    {
        $this->begin([]);
        $this->shop->insert('b_iblock_section', [
            'ID' => 10, 'IBLOCK_ID' => ShopRows::PRODUCTS, 'NAME' => 'Caps', 'LEFT_MARGIN' => 1, 'RIGHT_MARGIN' => 2, 'DEPTH_LEVEL' => 1,
        ]);
        $id = $this->simple;
        $hat = "product.changed $id Hat edit";
        $changes = [
            ['name', fn () => (new \CIBlockElement())->Update($id, ['NAME' => 'Hat']), [$hat]],
            ['the same name', fn () => (new \CIBlockElement())->Update($id, ['NAME' => 'Hat']), [$hat]],
            ['section', fn () => (new \CIBlockElement())->Update($id, ['IBLOCK_SECTION_ID' => 10, 'IBLOCK_SECTION' => [10]]),
                [$hat]],
            ['name of the section', fn () => (new \CIBlockSection())->Update(10, ['NAME' => 'Hats']), [$hat]],
            ['the section as it was', fn () => (new \CIBlockSection())->Update(10, ['NAME' => 'Hats']), []],
            ['weight', fn () => Model\Product::update($id, ['fields' => ['WEIGHT' => 300]]), [$hat]],
            ['barcode', fn () => \CCatalogStoreBarCode::add(['PRODUCT_ID' => $id, 'BARCODE' => '4006381333931']), [$hat]],
        ];
        foreach ($changes as [$what, $change, $expected]) {
            self::assertNotFalse($change(), $what);
            $told = array_filter($this->told(), static fn (string $event): bool => str_starts_with($event, 'product.'));
            self::assertSame($expected, array_values($told), $what);
        }
    }

    /** @test */
    public function anOrderTakesItsStockAndTellsItsParcel(): void
    {
        $this->begin([]);
        $order = Order::create('s1', 1, 'RUB');
        $order->setPersonTypeId(1);
        $basket = Basket::create('s1');
        $basket->createItem('catalog', $this->simple)->setFields([
            'QUANTITY' => 2, 'CURRENCY' => 'RUB', 'LID' => 's1', 'PRODUCT_PROVIDER_CLASS' => '\\Bitrix\\Catalog\\Product\\CatalogProvider',
        ]);
        $order->setBasket($basket);
        $shipment = $order->getShipmentCollection()->createItem(Deliveries::getObjectById(2));
        foreach ($basket as $item) {
            $shipment->getShipmentItemCollection()->createItem($item)->setQuantity($item->getQuantity());
        }
        $id = (int)$order->save()->getId();
        self::assertSame(['stock.changed A 3 order'], $this->told(), 'an order of the shop itself takes stock');

        $this->shop->insert('b_aligate_aliexpress_order', [
            'CONNECTION_ID' => 1, 'ALIEXPRESS_ORDER_ID' => '8123456789012345', 'ORDER_ID' => $id,
        ]);
        $order = Order::load($id);
        $parcel = $order->getShipmentCollection()->getNotSystemItems()[0];
        $parcel->setField('TRACKING_NUMBER', 'RB123456789CN');
        $parcel->setField('DEDUCTED', 'Y');
        self::assertTrue($order->save()->isSuccess());
        $told = array_filter($this->told(), static fn (string $event): bool => str_starts_with($event, 'order.'));
        self::assertSame(['order.status_changed 8123456789012345 shipped order'], array_values($told));
        $this->market->settle();
        self::assertSame(3, $this->market->stocks()['A'], 'what is shipped was reserved before');
    }

    /** @test */
    public function aPageSendsWhatItChangedAfterItsAnswerTheLastChangeIncluded(): void
    {
        $this->begin([]);
        Model\Product::update($this->simple, ['fields' => ['QUANTITY' => 9]]);
        Model\Product::update($this->simple, ['fields' => ['QUANTITY' => 8]]);
        self::assertCount(1, $this->waiting(), 'the second change is remembered');
        Hit::end();
        self::assertSame([], $this->waiting(), 'no agent and no next hit was needed');
        $this->market->settle();
        self::assertSame(8, $this->market->stocks()['A']);
    }

    /** Sends everything once, and begins a hit in which nothing has been touched yet. */
    private function begin(array $settings): void
    {
        $connection = $this->connect($settings + [
            'id' => 1, 'iblock_ids' => [ShopRows::PRODUCTS], 'gateway_url' => $this->market->url, 'secrets' => [Market::SECRET],
        ]);
        $this->outbox()->append($connection->id, Kind::Product, [$this->simple, $this->parent], Cause::Export);
        $this->told();
    }

    /** @return list<string> events of stock and price, after which AliExpress has them */
    private function toldOfGoods(): array
    {
        $told = array_filter($this->told(), static fn (string $event): bool => !str_starts_with($event, 'product.'));
        $this->market->settle();

        return array_values($told);
    }

    /** @return list<string> what the gateway took of the hit that ends here */
    private function told(): array
    {
        $this->endHit();
        foreach (['iblock', 'catalog', 'currency', 'sale'] as $module) {
            Loader::includeModule($module);
        }
        $options = new ModuleOptions();
        $connection = $options->connection(1);
        self::assertInstanceOf(Connection::class, $connection);
        $gateway = new RecordingGateway((new Gateways($options))->events($connection));
        $senders = new Senders(Application::getConnection(), $options);
        self::assertSame(DrainReport::Drained, $senders->drainWith($connection, $gateway, microtime(true) + 30));

        return $gateway->told();
    }

    private function stockRow(): int
    {
        $sql = "SELECT ID FROM b_catalog_store_product WHERE PRODUCT_ID = {$this->simple} AND STORE_ID = 1";

        return (int)Application::getConnection()->queryScalar($sql);
    }
}
