<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Flow;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Sending\DrainReport;
use Aligate\Aliexpress\Sending\Senders;
use Aligate\Aliexpress\Tests\FakeKernel\Child;
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

/**
 * Ten thousand offers in an exchange with 1C, in both sets of files: AliExpress ends equal to the shop. Each request is a PHP process
 * that ends with `die`, as in a shop; cron sends in between.
 */
final class ExchangeTest extends InstalledModuleTestCase
{
    private const PRODUCTS = 2500;
    private const OFFERS_OF_A_PRODUCT = 4;

    /** Products that the second exchange does not name any more. */
    private const MISSING = 50;

    /** Products or offers that a request of the exchange manages in its time. */
    private const NODES_OF_A_STEP = 2500;

    private const STORES = ['wh-1' => 'Main'];

    private Market $market;
    private CommerceMl $files;

    /** @var array<string, string> external code of an offer => its SKU */
    private array $skus = [];

    /** @var list<string> external codes */
    private array $products = [];

    /** @var array<string, array{price: string, pieces: int}> external code of an offer => what 1C says of it */
    private array $said = [];

    protected function setUp(): void
    {
        parent::setUp();
        $this->market = Market::shared();
        $this->nextHit();
        array_map(Loader::includeModule(...), ['iblock', 'catalog', 'currency', 'sale']);
        $this->shop();
        $this->connect([
            'id' => 1, 'iblock_ids' => [ShopRows::PRODUCTS], 'gateway_url' => $this->market->url, 'secrets' => [Market::SECRET],
        ]);
        $this->market->list(array_chunk(array_values($this->skus), self::OFFERS_OF_A_PRODUCT));
        $this->files = new CommerceMl("{$this->site->root()}/upload/1c_catalog");
        $at = 0;
        foreach (array_keys($this->skus) as $code) {
            $this->said[$code] = ['price' => sprintf('%d.%02d', 100 + $at % 900, $at % 100), 'pieces' => $at++ % 50];
        }
    }

    protected function tearDown(): void
    {
        $this->nextHit();
        parent::tearDown();
    }

    /** @test */
    public function tenThousandOffersInTheClassicFilesEndOnAliExpressAsTheyAreInTheShop(): void
    {
        $this->catalogue('import0_1.xml', $this->products);
        $this->package('offers0_1.xml', $this->said, ['price', 'pieces', 'stores']);
        $this->exchange(['import0_1.xml', 'offers0_1.xml']);
        $this->assertAliExpressSells($this->said);

        // The next day: some are missing and go out of sale, few changed, and the many that did not are skipped by the kernel.
        $this->change(10);
        $left = array_slice($this->products, self::MISSING);
        $this->catalogue('import0_2.xml', $left);
        $this->package('offers0_2.xml', $this->withoutMissing(), ['price', 'pieces', 'stores']);
        $this->exchange(['import0_2.xml', 'offers0_2.xml']);
        $this->assertAliExpressSells($this->said);
    }

    /** @test */
    public function tenThousandOffersWithPricesAndRestsInFilesOfTheirOwnEndAsTheyAreInTheShop(): void
    {
        $this->catalogue('import0_1.xml', $this->products);
        $this->package('offers0_1.xml', $this->said, []);
        $this->package('prices0_1.xml', $this->said, ['price'], false);
        $this->package('rests0_1.xml', $this->said, ['rests'], false);
        $this->exchange(['import0_1.xml', 'offers0_1.xml', 'prices0_1.xml', 'rests0_1.xml']);
        $this->assertAliExpressSells($this->said);

        // The next day: what is missing is deleted, which is what a shop has that set nothing; prices and rests come of what changed.
        $this->change(10);
        $changed = array_filter($this->withoutMissing(), fn (string $code): bool => crc32($code) % 10 === 0, ARRAY_FILTER_USE_KEY);
        $this->catalogue('import0_2.xml', array_slice($this->products, self::MISSING));
        $this->package('prices0_2.xml', $changed, ['price'], false);
        $this->package('rests0_2.xml', $changed, ['rests'], false);
        $this->exchange(['import0_2.xml', 'prices0_2.xml', 'rests0_2.xml'], ['ELEMENT_ACTION' => 'D']);
        $this->assertAliExpressSells($this->said);
    }

    /** One offer in so many gets another price and other pieces; those of missing products are sold no more. */
    private function change(int $oneIn): void
    {
        $missing = array_flip(array_slice($this->products, 0, self::MISSING));
        foreach ($this->said as $code => ['price' => $price, 'pieces' => $pieces]) {
            if (isset($missing[explode('#', $code)[0]])) {
                $this->said[$code]['pieces'] = 0;
            } elseif (crc32($code) % $oneIn === 0) {
                $this->said[$code] = ['price' => sprintf('%.2f', (float)$price + 7), 'pieces' => 49 - $pieces];
            }
        }
    }

    /** @return array<string, array{price: string, pieces: int}> */
    private function withoutMissing(): array
    {
        return array_slice($this->said, self::MISSING * self::OFFERS_OF_A_PRODUCT);
    }

    /** @param list<string> $codes */
    private function catalogue(string $file, array $codes): void
    {
        $this->files->products($file, array_map(static fn (string $code): array => ['id' => $code, 'name' => "Item $code"], $codes));
    }

    /**
     * @param array<string, array{price: string, pieces: int}> $said
     * @param list<string> $with what the nodes have beside their names
     */
    private function package(string $file, array $said, array $with, bool $isFull = true): void
    {
        $offers = [];
        foreach ($said as $code => ['price' => $price, 'pieces' => $pieces]) {
            $all = ['price' => $price, 'pieces' => $pieces, 'stores' => ['wh-1' => $pieces], 'rests' => ['wh-1' => $pieces]];
            $offers[] = ['id' => $code, 'name' => "Offer $code"] + array_intersect_key($all, array_flip($with));
        }
        $this->files->offers($file, $offers, self::STORES, $isFull);
    }

    /**
     * @param list<string> $files
     * @param array<string, mixed> $parameters of the exchange
     */
    private function exchange(array $files, array $parameters = []): void
    {
        foreach ($files as $file) {
            do {
                $answer = $this->request('import', $file, $parameters);
                $this->deliver();
            } while (str_starts_with($answer, 'progress'));
            self::assertStringStartsWith('success', $answer);
        }
        self::assertStringStartsWith('success', $this->request('complete', '', $parameters));
        // A gateway with much to do may put a drain off.
        $this->market->wait(fn (): bool => $this->deliver() === DrainReport::Drained, 'the outbox does not drain');
        $this->market->settle();
    }

    /** @param array<string, mixed> $parameters */
    private function request(string $mode, string $file, array $parameters): string
    {
        $script = dirname(__DIR__, 2) . '/kernel/harness/1c_exchange.php';
        $arguments = [$mode, $file, (string)self::NODES_OF_A_STEP, json_encode($parameters, JSON_THROW_ON_ERROR)];
        [$answer, $errors, $code] = Child::start($this->site, $script, $arguments)->wait();
        self::assertSame(['', 0], [$errors, $code], "$mode $file: $answer");

        return $answer;
    }

    /** @param array<string, array{price: string, pieces: int}> $said */
    private function assertAliExpressSells(array $said): void
    {
        $expected = [];
        foreach ($said as $code => ['price' => $price, 'pieces' => $pieces]) {
            $expected[$this->skus[$code]] = "$pieces at $price";
        }
        $sells = array_map(static fn (array $one): string => "{$one['stock']} at {$one['price']}", $this->market->sells());
        self::assertCount(self::PRODUCTS * self::OFFERS_OF_A_PRODUCT, $sells);
        self::assertSame([], array_diff_assoc($expected, $sells), 'what differs');
        self::assertSame([], $this->waiting());
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
        $shop->insert('b_catalog_store', ['ID' => 1, 'TITLE' => 'Main', 'ACTIVE' => 'Y', 'ADDRESS' => 'a', 'XML_ID' => 'wh-1']);
        $shop->sql("UPDATE b_iblock SET XML_ID = IF(ID = 1, 'cat-1', 'cat-1#')");
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
