<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Flow;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Sending\DrainReport;
use Aligate\Aliexpress\Sending\Senders;
use Aligate\Aliexpress\Tests\FakeKernel\Hit;
use Aligate\Aliexpress\Tests\Fixtures\CommerceMl;
use Aligate\Aliexpress\Tests\Fixtures\Market;
use Aligate\Aliexpress\Tests\Fixtures\ShopRows;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;
use Bitrix\Main\Application;
use Bitrix\Main\Loader;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';
require_once dirname(__DIR__, 2) . '/Fixtures/Market.php';
require_once dirname(__DIR__, 2) . '/Fixtures/ShopRows.php';
require_once dirname(__DIR__, 2) . '/Fixtures/CommerceMl.php';

/** Ten thousand offers in an exchange with 1C, in both sets of files: AliExpress ends equal to the shop. */
final class ExchangeTest extends InstalledModuleTestCase
{
    private const PRODUCTS = 2500;
    private const OFFERS_OF_A_PRODUCT = 4;

    /** Nodes that a hit of the exchange manages in its time. */
    private const NODES_OF_A_HIT = 2500;

    private Market $market;

    /** @var array<string, string> external code of an offer => its SKU */
    private array $skus = [];

    /** @var list<string> external codes */
    private array $products = [];

    protected function setUp(): void
    {
        parent::setUp();
        $this->market = Market::shared();
        $this->beginHit([]);
        $this->shop();
        $this->connect([
            'id' => 1, 'iblock_ids' => [ShopRows::PRODUCTS], 'gateway_url' => $this->market->url, 'secrets' => [Market::SECRET],
        ]);
        $this->market->list(array_map(
            static fn (array $ofProduct): array => $ofProduct,
            array_chunk(array_values($this->skus), self::OFFERS_OF_A_PRODUCT),
        ));
    }

    protected function tearDown(): void
    {
        $this->nextHit();
        parent::tearDown();
    }

    /**
     * @test
     * @dataProvider sets
     * @param list<string> $files
     */
    public function tenThousandOffersEndOnAliExpressAsTheyAreInTheShop(array $files): void
    {
        $said = [];
        $at = 0;
        foreach (array_keys($this->skus) as $code) {
            $said[$code] = ['price' => sprintf('%d.%02d', 100 + $at % 900, $at % 100), 'pieces' => $at++ % 50];
        }
        $exchange = new CommerceMl($this->site->root() . '/upload');
        $exchange->write($files, $this->products, $said);
        foreach ($files as $file) {
            $this->load($exchange, $file);
        }
        self::assertSame(DrainReport::Drained, $this->deliver());
        $this->market->settle();

        $expected = [];
        foreach ($said as $code => ['price' => $price, 'pieces' => $pieces]) {
            $expected[$this->skus[$code]] = "$pieces at $price";
        }
        $sells = array_map(static fn (array $one): string => "{$one['stock']} at {$one['price']}", $this->market->sells());
        ksort($expected);
        ksort($sells);
        self::assertCount(self::PRODUCTS * self::OFFERS_OF_A_PRODUCT, $sells);
        self::assertSame([], array_diff_assoc($expected, $sells), 'what differs');
        self::assertSame([], $this->waiting());
    }

    /** @return array<string, array{list<string>}> */
    public static function sets(): array
    {
        return ['classic' => [CommerceMl::CLASSIC], 'prices and rests apart' => [CommerceMl::SEPARATE]];
    }

    /** A file in as many hits as it takes; cron sends in between. */
    private function load(CommerceMl $exchange, string $file): void
    {
        $nodes = $exchange->nodes($file);
        for ($from = 0; $from < $nodes; $from += self::NODES_OF_A_HIT) {
            $this->beginHit(['SCRIPT_NAME' => '/bitrix/admin/1c_exchange.php']);
            $from > 0 || $this->fire('OnBeforeCatalogImport1C', $file);
            $exchange->load($file, $from, self::NODES_OF_A_HIT);
            $from + self::NODES_OF_A_HIT < $nodes || $this->fire('OnSuccessCatalogImport1C', $file);
            $this->endHit();
            $this->deliver();
        }
    }

    private function fire(string $event, string $file): void
    {
        foreach (GetModuleEvents('catalog', $event, true) as $handler) {
            ExecuteModuleEventEx($handler, [[], "/upload/1c_catalog/$file"]);
        }
    }

    /** @param array<string, string> $server */
    private function beginHit(array $server): void
    {
        Hit::start($server, $server === [] ? [] : ['type' => 'catalog', 'mode' => 'import']);
        foreach (['iblock', 'catalog', 'currency', 'sale'] as $module) {
            Loader::includeModule($module);
        }
    }

    private function deliver(): DrainReport
    {
        $options = new ModuleOptions();
        $connection = $options->connection(1);
        self::assertInstanceOf(Connection::class, $connection);

        return (new Senders(Application::getConnection(), $options))->drain($connection, microtime(true) + 300);
    }

    /** The shop as it was before: written by SQL, unknown to AliExpress but by the names of its SKUs. */
    private function shop(): void
    {
        $shop = new ShopRows();
        $shop->insert('b_catalog_store', ['ID' => 1, 'TITLE' => 'Main', 'ACTIVE' => 'Y', 'ADDRESS' => 'a']);
        $rows = array_fill_keys(['b_iblock_element', 'b_iblock_element_property', 'b_catalog_product'], []);
        $id = 1;
        for ($product = 0; $product < self::PRODUCTS; $product++) {
            $this->products[] = $code = "p$product";
            $parent = $id++;
            $rows['b_iblock_element'][] = "($parent, 1, 'Item', 'Y', '$code', '$code', 1, NOW())";
            $rows['b_catalog_product'][] = "($parent, 0, 'Y', 3, NOW())";
            for ($offer = 0; $offer < self::OFFERS_OF_A_PRODUCT; $offer++) {
                $ofOffer = "$code#o$offer";
                $this->skus[$ofOffer] = $sku = "SKU-$product-$offer";
                $rows['b_iblock_element'][] = "($id, 2, 'Offer', 'Y', '$ofOffer', '', 1, NOW())";
                $rows['b_iblock_element_property'][] = "($id, " . ShopRows::LINK . ", '$parent', $parent)";
                $rows['b_iblock_element_property'][] = "($id, " . ShopRows::ARTICLE_OF_OFFER . ", '$sku', 0)";
                $rows['b_catalog_product'][] = "($id, 1, 'Y', 4, NOW())";
                $id++;
            }
        }
        $columns = [
            'b_iblock_element' => 'ID, IBLOCK_ID, NAME, ACTIVE, XML_ID, CODE, WF_STATUS_ID, TIMESTAMP_X',
            'b_iblock_element_property' => 'IBLOCK_ELEMENT_ID, IBLOCK_PROPERTY_ID, VALUE, VALUE_NUM',
            'b_catalog_product' => 'ID, QUANTITY, QUANTITY_TRACE, TYPE, TIMESTAMP_X',
        ];
        foreach ($rows as $table => $ofTable) {
            foreach (array_chunk($ofTable, 2000) as $chunk) {
                $shop->sql("INSERT INTO $table ({$columns[$table]}) VALUES " . implode(', ', $chunk));
            }
        }
    }
}
