<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Sweep;

use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Sweep\Sweep;
use Aligate\Aliexpress\Tests\Fixtures\ShopRows;
use Aligate\Aliexpress\Tests\Integration\Sending\SendingTestCase;
use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;

require_once dirname(__DIR__) . '/Sending/SendingTestCase.php';

/** Each hole of the coverage matrix: a change that fires nothing is found, and told; and nothing else. */
final class SweepTest extends SendingTestCase
{
    private int $product;
    private int $offer;

    protected function setUp(): void
    {
        parent::setUp();
        Option::set('aligate.aliexpress', 'sweep_page', '10');
        $this->shop->insert('b_iblock_section', ['ID' => 10, 'IBLOCK_ID' => 1, 'NAME' => 'Caps', 'CODE' => 'caps', 'ACTIVE' => 'Y']);
        $this->shop->insert('b_iblock_section', ['ID' => 11, 'IBLOCK_ID' => 1, 'NAME' => 'Hats', 'CODE' => 'hats', 'ACTIVE' => 'Y']);
        $this->shop->insert('b_iblock_property_enum', ['ID' => 331, 'PROPERTY_ID' => 110, 'VALUE' => 'Cotton', 'XML_ID' => 'c']);
        $this->shop->sql('CREATE TABLE hl_brands (ID int PRIMARY KEY, UF_XML_ID varchar(50), UF_NAME varchar(50))');
        $this->shop->insert('hl_brands', ['ID' => 1, 'UF_XML_ID' => 'acme', 'UF_NAME' => 'Acme']);
        $this->shop->insert('b_hlblock_entity', ['NAME' => 'Brands', 'TABLE_NAME' => 'hl_brands']);
        $this->shop->property(110, 1, 'MATERIAL', 'L');
        $this->shop->property(111, 1, 'BRAND', 'S', ['USER_TYPE' => 'directory', 'USER_TYPE_SETTINGS' => serialize(['TABLE_NAME' => 'hl_brands'])]);
        $this->product = $this->shop->product('CAP', ['IBLOCK_SECTION_ID' => 10, 'TIMESTAMP_X' => '2020-01-01 00:00:00']);
        $this->offer = $this->shop->offer($this->product, 'CAP-RED', ['TIMESTAMP_X' => '2020-01-01 00:00:00']);
        $this->shop->insert('b_iblock_section_element', ['IBLOCK_SECTION_ID' => 10, 'IBLOCK_ELEMENT_ID' => $this->product]);
        $this->shop->value($this->product, 1, 110, '331');
        $this->shop->value($this->product, 1, 111, 'acme');
        $this->shop->goods($this->product, 0, null, ['TYPE' => 3, 'TIMESTAMP_X' => '2020-01-01 00:00:00']);
        $this->shop->goods($this->offer, 7);
        $this->touch(Kind::Product, [$this->product]);
        $this->drain();
        $this->gateway->told();
        $this->shop->sql('DELETE FROM b_aligate_aliexpress_outbox');
        self::assertSame(0, $this->sweep(), 'nothing differs');
    }

    /**
     * @test
     * @dataProvider holes
     * @param list<string> $told where P is the product
     */
    public function aChangeThatFiresNothingIsFoundAndTold(string $sql, array $told): void
    {
        $this->shop->sql(strtr($sql, [':product' => (string)$this->product, ':offer' => (string)$this->offer]));
        self::assertGreaterThan(0, $this->sweep());
        $this->drain();

        $expected = str_replace(' P', " {$this->product}", $told);
        self::assertSame($expected, $this->gateway->told());
        self::assertSame(0, $this->sweep(), 'once');
    }

    /** @return array<string, array{string, list<string>}> */
    public static function holes(): array
    {
        $stock = static fn (int $pieces): array => ["stock.changed CAP-RED $pieces"];

        return [
            'section membership' => ['UPDATE b_iblock_section_element SET IBLOCK_SECTION_ID = 11 WHERE IBLOCK_ELEMENT_ID = :product',
                ['product.changed P']],
            'a list value renamed' => ["UPDATE b_iblock_property_enum SET VALUE = 'Wool' WHERE ID = 331", ['product.changed P']],
            'a row of a directory renamed' => ["UPDATE hl_brands SET UF_NAME = 'Ajax' WHERE ID = 1", ['product.changed P']],
            'a name by SQL' => ["UPDATE b_iblock_element SET NAME = 'Better cap' WHERE ID = :product", ['product.changed P']],
            'a section switched off by SQL' => ["UPDATE b_iblock_section SET ACTIVE = 'N' WHERE ID = 10", ['product.changed P', ...$stock(0)]],
            'a quantity by SQL' => ['UPDATE b_catalog_product SET QUANTITY = 3 WHERE ID = :offer', $stock(3)],
            'all quantities by the wizard' => ['UPDATE b_catalog_product SET QUANTITY = 0', $stock(0)],
            'a price by SQL' => ['UPDATE b_catalog_price SET PRICE = 90 WHERE PRODUCT_ID = :offer', ['price.changed CAP-RED 90.00']],
            'prices deleted by SQL' => ['DELETE FROM b_catalog_price', $stock(0)],
            'an article by SQL' => ["UPDATE b_iblock_element_property SET VALUE = 'NEW' WHERE IBLOCK_ELEMENT_ID = :offer AND IBLOCK_PROPERTY_ID = "
                . ShopRows::ARTICLE_OF_OFFER, ['price.changed NEW 100.00', 'product.changed P', 'stock.changed CAP-RED 0', 'stock.changed NEW 7']],
            'an offer deleted by SQL' => ['DELETE FROM b_iblock_element WHERE ID = :offer', ['product.changed P', ...$stock(0)]],
            'a product deleted by SQL' => ['DELETE FROM b_iblock_element WHERE ID IN (:product, :offer)', ['product.deleted P']],
        ];
    }

    /** @test */
    public function aProductWrittenBySqlIsFound(): void
    {
        $id = $this->shop->product('NEW');
        $this->shop->goods($id, 4);
        $this->sweep();
        $this->drain();

        self::assertSame(['price.changed NEW 100.00', "product.changed $id", 'stock.changed NEW 4'], $this->gateway->told());
    }

    /** @test */
    public function warehousesThatAreWrittenInBulkAreCompared(): void
    {
        Option::set('catalog', 'default_use_store_control', 'Y');
        $connection = $this->connection(['warehouse_ids' => [1]]);
        $this->shop->insert('b_catalog_store', ['ID' => 1, 'TITLE' => 'Main', 'ACTIVE' => 'Y', 'ADDRESS' => '']);
        $this->shop->insert('b_catalog_store_product', ['PRODUCT_ID' => $this->offer, 'STORE_ID' => 1, 'AMOUNT' => 12, 'QUANTITY_RESERVED' => 2]);
        $this->sweep($connection);
        $this->drain($connection);
        self::assertSame(10, $this->gateway->stock('CAP-RED'));

        $this->shop->sql('DELETE FROM b_catalog_store_product');
        $this->sweep($connection);
        $this->drain($connection);
        self::assertSame(0, $this->gateway->stock('CAP-RED'));
    }

    /** @test */
    public function datesThatPassAreFoundThoughTheFullPassIsElsewhere(): void
    {
        $this->shop->sql("UPDATE b_iblock_element SET ACTIVE_TO = NOW() + INTERVAL 1 HOUR WHERE ID = {$this->product}");
        $this->sweep();
        $this->senders()->states->set(1, 'sweep_cursor', (string)($this->product + 1000));
        $this->later('2 HOUR');
        self::assertGreaterThan(0, $this->sweep());
        $this->drain();

        self::assertSame(['product.changed ' . $this->product, 'stock.changed CAP-RED 0'], $this->gateway->told());
    }

    /** @test */
    public function whatTellsItsTimeIsFoundThoughTheFullPassIsElsewhere(): void
    {
        $this->shop->sql("UPDATE b_iblock_element SET NAME = 'Better', TIMESTAMP_X = NOW() WHERE ID = {$this->product}");
        $this->senders()->states->set(1, 'sweep_cursor', (string)($this->product + 1000));
        self::assertSame(1, $this->sweep());
    }

    /** @test */
    public function aRowThatIsCommittedLateIsFoundWithinTheOverlap(): void
    {
        $this->shop->sql("UPDATE b_iblock_element SET TIMESTAMP_X = NOW() WHERE ID = {$this->offer}");
        $this->sweep();
        $this->shop->sql("UPDATE b_iblock_element SET NAME = 'Late', TIMESTAMP_X = NOW() - INTERVAL 300 SECOND WHERE ID = {$this->product}");
        $this->senders()->states->set(1, 'sweep_cursor', (string)($this->product + 1000));
        self::assertSame(1, $this->sweep());
    }

    /** @test */
    public function aSweepThatRunsOutOfTimeGoesOnWhereItWas(): void
    {
        $ids = [];
        for ($at = 0; $at < 35; $at++) {
            $ids[] = $id = $this->shop->product("P$at", ['TIMESTAMP_X' => '2020-01-01 00:00:00']);
            $this->shop->goods($id, 1, '100', ['TIMESTAMP_X' => '2020-01-01 00:00:00']);
        }
        $this->shop->sql("UPDATE b_catalog_price SET TIMESTAMP_X = '2020-01-01 00:00:00'");
        $turns = 0;
        do {
            $written = (int)Sweep::of($this->senders())->run($this->connection(), 0.0);
            $this->drain();
            $turns++;
        } while ($written > 0 && $turns < 20);

        self::assertSame(4, $turns - 1, '36 products in pages of ten');
        foreach (array_keys($ids) as $at) {
            self::assertSame(1, $this->gateway->stock("P$at"));
        }
    }

    /** @test */
    public function whatAnExchangeIsAtWorkOnWaitsWithIt(): void
    {
        $other = $this->shop->product('OTHER');
        $this->shop->goods($other, 1);
        $this->senders()->outbox->append(1, Kind::Product, [$other], Cause::Exchange, false, 900);
        $this->shop->sql("UPDATE b_iblock_element SET NAME = 'Half' WHERE ID = {$this->product}");
        $this->shop->quantity($this->offer, 2);
        $this->sweep();
        $this->drain();
        self::assertSame(['price.changed OTHER 100.00', 'stock.changed CAP-RED 2', 'stock.changed OTHER 1'], $this->gateway->told());

        $this->later('901 SECOND');
        $this->drain();
        self::assertSame(["product.changed {$this->product}", "product.changed $other"], $this->gateway->told());
    }

    /** @test */
    public function itRestsWhileTheOutboxIsFull(): void
    {
        $this->touch(Kind::Stock, range(1, 1000));
        $this->shop->quantity($this->offer, 3);
        self::assertNull(Sweep::of($this->senders())->run($this->connection(), microtime(true) + 30));
    }

    /** @test */
    public function aFaultIsNotFoundAgainAndAgain(): void
    {
        $this->gateway->rejects = static fn (array $event): ?string => $event['type'] === 'product.changed' ? 'bad' : null;
        $this->shop->sql("UPDATE b_iblock_element SET NAME = 'Refused' WHERE ID = {$this->product}");
        $nameless = $this->shop->product('');
        $this->shop->goods($nameless, 1);
        $this->sweep();
        $this->drain();
        self::assertSame(["P {$this->product} P bad"], $this->rows('P'));
        self::assertSame(0, $this->sweep());
    }

    private function sweep(?\Aligate\Aliexpress\Connection $connection = null): ?int
    {
        return Sweep::of($this->senders())->run($connection ?? $this->connection(), microtime(true) + 30);
    }

    /** The database's clock goes on. */
    private function later(string $interval): void
    {
        Application::getConnection()->queryExecute("SET timestamp = UNIX_TIMESTAMP(NOW() + INTERVAL $interval)");
    }
}
