<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Reading;

use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Tests\Integration\Sending\SendingTestCase;
use Bitrix\Main\Config\Option;
use Bitrix\Main\EventManager;

require_once dirname(__DIR__) . '/Sending/SendingTestCase.php';

/** Pieces and money as they are told. */
final class StockAndPriceTest extends SendingTestCase
{
    /**
     * @test
     * @dataProvider quantities
     */
    public function quantitiesAreWholePiecesWithinTheLimits(float $quantity, int $told): void
    {
        self::assertSame($told, $this->told(['goods' => [$quantity]]));
    }

    /** @return list<array{float, int}> */
    public static function quantities(): array
    {
        return [[7.0, 7], [7.99, 7], [0.99, 0], [0.0, 0], [-3.0, 0], [999999.0, 999999], [1000000.0, 999999], [1.0e18, 999999]];
    }

    /** @test */
    public function whatTheShopDoesNotTraceIsToldAsTheSettingSays(): void
    {
        $untraced = ['goods' => [3, '100', ['QUANTITY_TRACE' => 'N']]];
        self::assertSame(100, $this->told($untraced));
        self::assertSame(5, $this->told($untraced, ['untraced_quantity' => 5]));
        self::assertSame(0, $this->told($untraced, ['untraced_quantity' => 0]));
    }

    /** @test */
    public function theShopsDefaultSaysWhetherIsTraced(): void
    {
        $byDefault = ['goods' => [3, '100', ['QUANTITY_TRACE' => 'D']]];
        Option::set('catalog', 'default_quantity_trace', 'Y');
        self::assertSame(3, $this->told($byDefault));
        Option::set('catalog', 'default_quantity_trace', 'N');
        self::assertSame(100, $this->told($byDefault));
    }

    /** @test */
    public function chosenWarehousesAreCountedWithoutWhatIsReservedThere(): void
    {
        Option::set('catalog', 'default_use_store_control', 'Y');
        $shop = ['goods' => [50], 'stores' => [[1, 10, 2], [2, 5, 0], [3, 100, 0]]];
        self::assertSame(13, $this->told($shop, ['warehouse_ids' => [1, 2]]));
        self::assertSame(8, $this->told($shop, ['warehouse_ids' => [1]]));
        self::assertSame(50, $this->told($shop), 'none chosen: the product row');
        self::assertSame(0, $this->told(['goods' => [50]], ['warehouse_ids' => [1]]), 'in none of them');
    }

    /** @test */
    public function aWarehouseThatIsSwitchedOffSellsNothing(): void
    {
        Option::set('catalog', 'default_use_store_control', 'Y');
        $shop = ['goods' => [50], 'stores' => [[1, 10, 0], [2, 5, 0]]];
        $this->told($shop);
        $this->shop->sql("UPDATE b_catalog_store SET ACTIVE = 'N' WHERE ID = 1");
        self::assertSame(5, $this->told($shop, ['warehouse_ids' => [1, 2]]));
    }

    /** @test */
    public function withoutWarehouseAccountingReservesStandInTheProductRow(): void
    {
        Option::set('catalog', 'default_use_store_control', 'N');
        $reserved = ['QUANTITY_RESERVED' => 4];
        self::assertSame(6, $this->told(['goods' => [6, '100', $reserved], 'stores' => [[1, 10, 0]]], ['warehouse_ids' => [1]]));
        self::assertSame(6, $this->told(['goods' => [6, '100', $reserved]], ['warehouse_ids' => [1]]), 'in no warehouse: the product row');
    }

    /** @test */
    public function aSetHasItsQuantityInTheProductRow(): void
    {
        Option::set('catalog', 'default_use_store_control', 'Y');
        self::assertSame(6, $this->told(['goods' => [6, '100', ['TYPE' => 2]]], ['warehouse_ids' => [1]]));
    }

    /** @test */
    public function thePriceIsOfTheChosenTypeForOnePiece(): void
    {
        $this->shop->insert('b_catalog_group', ['ID' => 7, 'NAME' => 'RETAIL', 'BASE' => 'N']);
        $id = $this->shop->product('A');
        $this->shop->goods($id, 1, '100.50');
        $this->shop->price($id, '80', 'RUB', 7);
        $this->shop->insert('b_catalog_price', ['PRODUCT_ID' => $id, 'CATALOG_GROUP_ID' => 7, 'PRICE' => '60', 'CURRENCY' => 'RUB',
            'QUANTITY_FROM' => 10, 'QUANTITY_TO' => 20, 'TIMESTAMP_X' => '2026-01-01 00:00:00']);
        $this->touch(Kind::Price, [$id]);
        $this->drain();
        self::assertSame(['sku' => 'A', 'price' => '100.50', 'currency' => 'RUB'], $this->gateway->states['price A']);

        $this->touch(Kind::Price, [$id]);
        $this->drain($this->connection(['price_type_id' => 7]));
        self::assertSame(['sku' => 'A', 'price' => '80.00', 'currency' => 'RUB'], $this->gateway->states['price A']);
    }

    /** @test */
    public function thePriceWithDiscountsStandsBesideThePriceAndIsErasedWhenItEnds(): void
    {
        $id = $this->shop->product('A');
        $this->shop->goods($id, 1, '100.00');
        $connection = $this->connection(['use_discounts' => true]);
        $percent = 25;
        EventManager::getInstance()->addEventHandlerCompatible(
            'catalog',
            'OnGetOptimalPriceResult',
            static function (array &$result) use (&$percent): void {
                $result['RESULT_PRICE']['DISCOUNT_PRICE'] *= 1 - $percent / 100;
            },
        );
        $this->touch(Kind::Price, [$id]);
        $this->drain($connection);
        self::assertSame(
            ['sku' => 'A', 'price' => '100.00', 'discount_price' => '75.00', 'currency' => 'RUB'],
            $this->gateway->states['price A'],
        );

        $percent = 0;
        $this->touch(Kind::Price, [$id]);
        $this->drain($connection);
        self::assertNull($this->gateway->states['price A']['discount_price']);
        self::assertArrayHasKey('discount_price', $this->gateway->states['price A']);

        $this->touch(Kind::Price, [$id]);
        $this->drain();
        self::assertArrayNotHasKey('discount_price', $this->gateway->states['price A'], 'not looked at: AliExpress keeps what it has');
    }

    /** @test */
    public function pricesAreConvertedWhereTheConnectionNamesAnotherCurrency(): void
    {
        $this->shop->sql("UPDATE b_catalog_currency SET AMOUNT_CNT = 1, AMOUNT = 80, CURRENT_BASE_RATE = 80 WHERE CURRENCY = 'USD'");
        $id = $this->shop->product('A');
        $this->shop->goods($id, 1, null);
        $this->shop->price($id, '10', 'USD');
        $this->touch(Kind::Price, [$id]);
        $this->drain();
        self::assertSame(['sku' => 'A', 'price' => '10.00', 'currency' => 'USD'], $this->gateway->states['price A']);

        $this->touch(Kind::Price, [$id]);
        $this->drain($this->connection(['currency' => 'RUB']));
        self::assertSame(['sku' => 'A', 'price' => '800.00', 'currency' => 'RUB'], $this->gateway->states['price A']);
    }

    /** @test */
    public function whatIsNotToBeSentIsNotSent(): void
    {
        $id = $this->shop->product('A');
        $this->shop->goods($id, 1, null);
        $this->touch(Kind::Product, [$id]);
        $this->touch(Kind::Price, [$id]);
        $this->touch(Kind::Stock, [$id]);
        $this->drain($this->connection(['sends_prices' => false, 'sends_products' => false]));

        self::assertSame(['stock.changed A 1'], $this->gateway->told(), 'a price that is not sent is not needed for the stock');
        self::assertSame(["P $id A", "S $id A"], $this->rows());
    }

    /**
     * @param array{goods: array<mixed>, stores?: list<array{int, int, int}>} $rows
     * @param array<string, mixed> $settings
     */
    private function told(array $rows, array $settings = []): ?int
    {
        static $at = 0;
        $sku = 'SKU-' . ++$at;
        $id = $this->shop->product($sku);
        $this->shop->goods($id, ...$rows['goods']);
        foreach ($rows['stores'] ?? [] as [$store, $amount, $reserved]) {
            $this->shop->sql("INSERT IGNORE INTO b_catalog_store (ID, TITLE, ACTIVE, ADDRESS) VALUES ($store, 'S$store', 'Y', '')");
            $this->shop->insert('b_catalog_store_product', ['PRODUCT_ID' => $id, 'STORE_ID' => $store, 'AMOUNT' => $amount,
                'QUANTITY_RESERVED' => $reserved]);
        }
        $this->touch(Kind::Stock, [$id]);
        $this->drain($this->connection($settings));

        return $this->gateway->stock($sku);
    }
}
