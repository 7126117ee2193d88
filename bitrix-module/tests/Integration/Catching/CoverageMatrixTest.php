<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Catching;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Gateway\Gateways;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Sending\DrainReport;
use Aligate\Aliexpress\Sending\Senders;
use Aligate\Aliexpress\Tests\FakeKernel\ErrorLog;
use Aligate\Aliexpress\Tests\Fixtures\Market;
use Aligate\Aliexpress\Tests\Fixtures\RecordingGateway;
use Bitrix\Catalog\Model;
use Bitrix\Catalog\PriceTable;
use Bitrix\Catalog\ProductTable;
use Bitrix\Catalog\StoreProductTable;
use Bitrix\Main\Application;

require_once __DIR__ . '/CatchingTestCase.php';
require_once dirname(__DIR__, 2) . '/Fixtures/Market.php';
require_once dirname(__DIR__, 2) . '/Fixtures/RecordingGateway.php';

/**
 * The coverage matrix: a change of the shop on one path of the kernel, the rows of the outbox that it must leave, and the
 * events that a real gateway on Redis takes of them.
 *
 * The shop has the simple product 101, the product 102 with the offer 201, the product 103 of another catalogue, and the
 * section 10. Each row of a table below makes its change and answers what is expected: kind, entity, cause.
 */
final class CoverageMatrixTest extends CatchingTestCase
{
    private static ?Market $market = null;

    public static function setUpBeforeClass(): void
    {
        self::$market = Market::shared();
    }

    protected function setUp(): void
    {
        parent::setUp();
        $this->insert('b_iblock_section', [
            'ID' => 10, 'IBLOCK_ID' => 2, 'NAME' => 'Shirts', 'LEFT_MARGIN' => 1, 'RIGHT_MARGIN' => 2, 'DEPTH_LEVEL' => 1,
        ]);
        $this->insert('b_iblock_property', ['ID' => 21, 'IBLOCK_ID' => 2, 'NAME' => 'Article', 'CODE' => 'ARTICLE', 'PROPERTY_TYPE' => 'S']);
        $this->insert('b_iblock_property', ['ID' => 22, 'IBLOCK_ID' => 2, 'NAME' => 'Colour', 'CODE' => 'COLOR', 'PROPERTY_TYPE' => 'L']);
        foreach ([101 => 2, 102 => 2, 103 => 1, 201 => 3] as $id => $iblock) {
            $this->insert('b_iblock_element', [
                'ID' => $id, 'IBLOCK_ID' => $iblock, 'NAME' => "Element $id", 'IBLOCK_SECTION_ID' => $iblock === 2 ? 10 : null,
                'IN_SECTIONS' => $iblock === 2 ? 'Y' : 'N', 'TIMESTAMP_X' => '2026-01-01 00:00:00',
            ]);
        }
        $this->insert('b_iblock_section_element', ['IBLOCK_SECTION_ID' => 10, 'IBLOCK_ELEMENT_ID' => 101]);
        $this->insert('b_iblock_element_property', [
            'IBLOCK_PROPERTY_ID' => 31, 'IBLOCK_ELEMENT_ID' => 201, 'VALUE' => '102', 'VALUE_NUM' => 102,
        ]);
        foreach ([101 => 1, 102 => 3, 103 => 1, 201 => 4] as $id => $type) {
            $this->insert('b_catalog_product', [
                'ID' => $id, 'TYPE' => $type, 'QUANTITY' => $type === 3 ? 0 : 5, 'QUANTITY_TRACE' => 'Y', 'CAN_BUY_ZERO' => 'N',
                'AVAILABLE' => 'Y',
            ]);
        }
        foreach ([101, 102, 201] as $id) {
            $this->insert('b_catalog_price', [
                'ID' => 1000 + $id, 'PRODUCT_ID' => $id, 'CATALOG_GROUP_ID' => 1, 'PRICE' => '100', 'PRICE_SCALE' => '100', 'CURRENCY' => 'RUB',
            ]);
        }
        $this->insert('b_catalog_store', ['ID' => 1, 'TITLE' => 'Main', 'ACTIVE' => 'Y', 'ADDRESS' => 'a']);
        $this->insert('b_catalog_store', ['ID' => 2, 'TITLE' => 'Second', 'ACTIVE' => 'Y', 'ADDRESS' => 'b']);
        foreach ([101, 201] as $id) {
            $this->insert('b_catalog_store_product', ['ID' => 2000 + $id, 'PRODUCT_ID' => $id, 'STORE_ID' => 1, 'AMOUNT' => 5]);
        }
        // Everything was sent once: what vanishes is known.
        $this->outbox()->append(1, Kind::Product, [101, 102], Cause::Export);
        $this->told();
        $this->forgetChanges();
        $this->nextHit();
    }

    /** @param array<string, mixed> $settings */
    protected function connect(array $settings = []): Connection
    {
        $gateway = ['gateway_url' => self::$market->url, 'secrets' => [Market::SECRET], 'sku_source' => 'id'];

        return parent::connect($settings + $gateway);
    }

    /**
     * @test
     * @dataProvider elements
     * @dataProvider sectionsAndDefinitions
     * @dataProvider products
     * @dataProvider prices
     * @dataProvider whatChangesAllPrices
     * @dataProvider stock
     * @dataProvider whatChangesAllStock
     * @dataProvider documentsSetsAndBarcodes
     * @param \Closure(self): list<string> $change makes the change and answers the rows that it must leave
     */
    public function theChangeIsCaught(\Closure $change): void
    {
        $expected = $change($this);
        sort($expected);
        self::assertSame($expected, array_map(static fn (string $row): string => substr($row, 2), $this->changes()));
        self::assertSame([], ErrorLog::all());

        $told = $this->told();
        foreach ($expected as $row) {
            $events = self::eventsOf($row);
            $isTold = $events === [] || preg_grep('~^(' . implode('|', $events) . ') ~', array_map(static fn (string $one): string => "$one ", $told)) !== [];
            self::assertTrue($isTold, "$row is told by one of: " . implode(', ', $events) . '; told was: ' . implode(', ', $told));
        }
    }

    /** @return list<string> one of which the gateway takes for the row; none where it concerns nothing that is sold */
    private static function eventsOf(string $row): array
    {
        [$kind, $id] = explode(' ', $row);
        $sold = ['101' => '101', '201' => '102'];
        $isOfGoods = in_array($kind, ['P', 'S', 'R'], true);
        if (($isOfGoods && !isset($sold[$id])) || ($kind === 'C' && $id !== '10')) {
            return [];
        }
        $sku = $isOfGoods ? $id : '101';
        $product = $sold[$sku];

        return match ($kind) {
            'S', 'W' => ["stock.changed $sku", "product.deleted $product"],
            'R', 'T' => ["price.changed $sku", "stock.changed $sku"],
            default => ["product.changed $product", "product.deleted $product"],
        };
    }

    /** @return list<string> what the gateway took of the hit that ends here */
    private function told(): array
    {
        $this->endHit();
        $options = new ModuleOptions();
        $connection = $options->connection(1);
        $gateway = new RecordingGateway((new Gateways($options))->events($connection));
        $senders = new Senders(Application::getConnection(), $options);
        self::assertSame(DrainReport::Drained, $senders->drainWith($connection, $gateway, microtime(true) + 30));
        self::assertSame([], $this->waiting());
        self::assertSame([], $this->outbox()->parked(1, 10));

        return $gateway->told();
    }

    /** @return iterable<string, array{\Closure(self): list<string>}> */
    public static function elements(): iterable
    {
        $new = ['IBLOCK_ID' => 2, 'NAME' => 'New', 'IBLOCK_SECTION_ID' => 10];
        yield 'element add | CIBlockElement::Add' => [static function () use ($new): array {
            $id = self::id((new \CIBlockElement())->Add($new));

            return ["P $id edit", "S $id edit"];
        }];
        yield 'element add with properties | CIBlockElement::Add' => [static function () use ($new): array {
            $id = self::id((new \CIBlockElement())->Add($new + ['PROPERTY_VALUES' => ['ARTICLE' => 'A-1']]));

            return ["P $id edit", "S $id edit"];
        }];
        yield 'element add rejected | CIBlockElement::Add' => [static function () use ($new): array {
            self::assertFalse((new \CIBlockElement())->Add(['NAME' => ''] + $new));

            return [];
        }];
        yield 'element add in another catalogue | CIBlockElement::Add' => [static function () use ($new): array {
            self::id((new \CIBlockElement())->Add(['IBLOCK_ID' => 1, 'IBLOCK_SECTION_ID' => false] + $new));

            return [];
        }];
        foreach (
            [
                'name' => [['NAME' => 'Other'], ['P 101 edit']],
                'the same name' => [['NAME' => 'Element 101'], ['P 101 edit']],
                'texts and sort' => [['PREVIEW_TEXT' => 'a', 'DETAIL_TEXT' => 'b', 'SORT' => 5], ['P 101 edit']],
                'activity' => [['ACTIVE' => 'N'], ['P 101 edit', 'S 101 edit']],
                'end of activity' => [['ACTIVE_TO' => '01.01.2020 00:00:00'], ['P 101 edit', 'S 101 edit']],
                'section' => [['IBLOCK_SECTION_ID' => false], ['P 101 edit', 'S 101 edit']],
                'code' => [['CODE' => 'other'], ['P 101 edit', 'S 101 edit']],
                'properties' => [['PROPERTY_VALUES' => ['ARTICLE' => 'A-2']], ['P 101 edit', 'S 101 edit']],
            ] as $what => [$fields, $expected]
        ) {
            yield "element field change: $what | CIBlockElement::Update" => [static function () use ($fields, $expected): array {
                self::assertTrue((new \CIBlockElement())->Update(101, $fields));

                return $expected;
            }];
        }
        yield 'property | SetPropertyValuesEx' => [static function (): array {
            \CIBlockElement::SetPropertyValuesEx(101, 2, ['ARTICLE' => 'A-3']);

            return ['P 101 edit', 'S 101 edit'];
        }];
        yield 'property | SetPropertyValuesEx without the infoblock' => [static function (): array {
            \CIBlockElement::SetPropertyValuesEx(101, false, ['ARTICLE' => 'A-3']);

            return ['P 101 edit', 'S 101 edit'];
        }];
        yield 'property | SetPropertyValues' => [static function (): array {
            \CIBlockElement::SetPropertyValues(101, 2, ['A-4'], 'ARTICLE');

            return ['P 101 edit', 'S 101 edit'];
        }];
        yield 'property | SetPropertyValueCode' => [static function (): array {
            \CIBlockElement::SetPropertyValueCode(101, 'ARTICLE', 'A-5');

            return ['P 101 edit', 'S 101 edit'];
        }];
        yield 'element delete | CIBlockElement::Delete' => [static function (): array {
            self::assertTrue(\CIBlockElement::Delete(101));

            return ['P 101 edit', 'S 101 edit'];
        }];
        yield 'offer delete, which its product has to tell | CIBlockElement::Delete' => [static function (): array {
            self::assertTrue(\CIBlockElement::Delete(201));

            return ['P 102 edit', 'P 201 edit', 'S 102 edit', 'S 201 edit'];
        }];
        yield 'product delete with its offers | CIBlockElement::Delete' => [static function (): array {
            self::assertTrue(\CIBlockElement::Delete(102));

            return ['P 102 edit', 'P 201 edit', 'S 102 edit', 'S 201 edit'];
        }];
        yield 'offer add | CIBlockElement::Add' => [static function (): array {
            $offer = ['IBLOCK_ID' => 3, 'NAME' => 'Offer', 'PROPERTY_VALUES' => ['CML2_LINK' => 102]];
            $id = self::id((new \CIBlockElement())->Add($offer));

            return ["P $id edit", "S $id edit", 'R 102 edit', 'S 102 edit'];
        }];
        yield 'offer activity | CIBlockElement::Update' => [static function (): array {
            self::assertTrue((new \CIBlockElement())->Update(201, ['ACTIVE' => 'N']));

            return ['P 201 edit', 'S 102 edit', 'S 201 edit'];
        }];
        yield 'element delete of nothing | CIBlockElement::Delete' => [static function (): array {
            \CIBlockElement::Delete(999);

            return [];
        }];
    }

    /** @return iterable<string, array{\Closure(self): list<string>}> */
    public static function sectionsAndDefinitions(): iterable
    {
        yield 'section add | CIBlockSection::Add' => [static function (): array {
            $id = self::id((new \CIBlockSection())->Add(['IBLOCK_ID' => 2, 'NAME' => 'New']));

            return ["C $id edit"];
        }];
        foreach (['name' => ['NAME' => 'Other'], 'activity' => ['ACTIVE' => 'N']] as $what => $fields) {
            yield "section change: $what | CIBlockSection::Update" => [static function () use ($fields): array {
                self::assertTrue((new \CIBlockSection())->Update(10, $fields));

                return ['C 10 edit'];
            }];
        }
        yield 'section change | SectionTable::update' => [static function (): array {
            self::assertTrue(\Bitrix\Iblock\SectionTable::update(10, ['NAME' => 'Other'])->isSuccess());

            return ['C 10 edit'];
        }];
        yield 'section delete | CIBlockSection::Delete' => [static function (): array {
            $id = self::id((new \CIBlockSection())->Add(['IBLOCK_ID' => 2, 'NAME' => 'New']));
            \CIBlockSection::Delete($id);

            return ["C $id edit", 'I 2 edit'];
        }];
        yield 'property definition add | CIBlockProperty::Add' => [static function (): array {
            self::id((new \CIBlockProperty())->Add(['IBLOCK_ID' => 2, 'NAME' => 'Size', 'CODE' => 'SIZE', 'PROPERTY_TYPE' => 'S']));

            return ['D 2 edit'];
        }];
        yield 'property definition change | CIBlockProperty::Update' => [static function (): array {
            self::assertTrue((new \CIBlockProperty())->Update(21, ['NAME' => 'Code of the maker']));

            // The event does not tell of which infoblock.
            return ['D 2 edit', 'D 3 edit'];
        }];
        yield 'property definition delete | CIBlockProperty::Delete' => [static function (): array {
            \CIBlockProperty::Delete(21);

            return ['D 2 edit'];
        }];
        yield 'infoblock change | CIBlock::Update' => [static function (): array {
            self::assertTrue((new \CIBlock())->Update(2, ['NAME' => 'Wares']));

            return ['D 2 edit'];
        }];
        yield 'infoblock change in another catalogue | CIBlock::Update' => [static function (): array {
            self::assertTrue((new \CIBlock())->Update(1, ['NAME' => 'Wares']));

            return [];
        }];
    }

    /** @return iterable<string, array{\Closure(self): list<string>}> */
    public static function products(): iterable
    {
        yield 'product add | CCatalogProduct::Add' => [static function (self $test): array {
            $test->insert('b_iblock_element', ['ID' => 104, 'IBLOCK_ID' => 2, 'NAME' => 'New']);
            self::assertTrue((bool)\CCatalogProduct::Add(['ID' => 104, 'QUANTITY' => 3]));

            return ['P 104 edit', 'S 104 edit'];
        }];
        yield 'product add | ProductTable::add' => [static function (): array {
            self::assertTrue(ProductTable::add(['ID' => 104, 'QUANTITY' => 3])->isSuccess());

            return ['P 104 edit', 'S 104 edit'];
        }];
        $quantity = [
            'CCatalogProduct::Update' => static fn () => \CCatalogProduct::Update(101, ['QUANTITY' => 9]),
            'Model\\Product::update' => static fn () => Model\Product::update(101, ['fields' => ['QUANTITY' => 9]])->isSuccess(),
            'ProductTable::update' => static fn () => ProductTable::update(101, ['QUANTITY' => 9])->isSuccess(),
            'Model\\Product::update, the same' => static fn () => Model\Product::update(101, ['fields' => ['QUANTITY' => 5]])->isSuccess(),
            'Model\\Product::update, reserve' => static fn () => Model\Product::update(101, ['fields' => ['QUANTITY_RESERVED' => 1]])->isSuccess(),
        ];
        foreach ($quantity as $path => $write) {
            yield "quantity | $path" => [static function () use ($write): array {
                self::assertTrue((bool)$write());

                return ['S 101 edit'];
            }];
        }
        yield 'quantity of an offer, and its product\'s row | Model\\Product::update' => [static function (): array {
            self::assertTrue(Model\Product::update(201, ['fields' => ['QUANTITY' => 6]])->isSuccess());

            // The product's own price row, the least one of its offers, is written anew as well.
            return ['R 102 edit', 'S 102 edit', 'S 201 edit'];
        }];
        yield 'sizes and weight | Model\\Product::update' => [static function (): array {
            self::assertTrue(Model\Product::update(101, ['fields' => ['WEIGHT' => 300, 'WIDTH' => 20]])->isSuccess());

            return ['P 101 edit'];
        }];
        yield 'product delete | Model\\Product::delete' => [static function (): array {
            self::assertTrue(Model\Product::delete(101)->isSuccess());

            return ['P 101 edit', 'S 101 edit'];
        }];
    }

    /** @return iterable<string, array{\Closure(self): list<string>}> */
    public static function prices(): iterable
    {
        $new = ['PRODUCT_ID' => 103, 'CATALOG_GROUP_ID' => 1, 'PRICE' => 10, 'CURRENCY' => 'RUB'];
        $added = [
            'CPrice::Add' => static fn () => \CPrice::Add($new),
            'Model\\Price::add' => static fn () => Model\Price::add(['fields' => $new])->getId(),
            'PriceTable::add' => static fn () => PriceTable::add($new + ['PRICE_SCALE' => 10])->getId(),
        ];
        foreach ($added as $path => $write) {
            yield "price add | $path" => [static function () use ($write): array {
                self::id($write());

                return ['R 103 edit', 'S 103 edit'];
            }];
        }
        $changed = [
            'CPrice::Update' => static fn () => \CPrice::Update(1101, ['PRICE' => 110]),
            'Model\\Price::update' => static fn () => Model\Price::update(1101, ['fields' => ['PRICE' => 110]])->isSuccess(),
            'Model\\Price::update, the same' => static fn () => Model\Price::update(1101, ['fields' => ['PRICE' => 100]])->isSuccess(),
            'PriceTable::update' => static fn () => PriceTable::update(1101, ['PRICE' => 110])->isSuccess(),
            'CPrice::SetBasePrice' => static fn () => \CPrice::SetBasePrice(101, 110, 'RUB'),
        ];
        $deleted = [
            'CPrice::Delete' => static fn () => \CPrice::Delete(1101),
            'Model\\Price::delete' => static fn () => Model\Price::delete(1101)->isSuccess(),
            'PriceTable::delete' => static fn () => PriceTable::delete(1101)->isSuccess(),
            'CPrice::DeleteByProduct' => static fn () => \CPrice::DeleteByProduct(101),
        ];
        foreach ($changed as $path => $write) {
            yield "price change | $path" => [static function () use ($write): array {
                self::assertTrue((bool)$write());

                return ['R 101 edit'];
            }];
        }
        foreach ($deleted as $path => $write) {
            yield "price delete, after which it is not sold | $path" => [static function () use ($write): array {
                self::assertTrue((bool)$write());

                return ['R 101 edit', 'S 101 edit'];
            }];
        }
        yield 'price of an offer, and the least price of its product | Model\\Price::update' => [static function (): array {
            self::assertTrue(Model\Price::update(1201, ['fields' => ['PRICE' => 90]])->isSuccess());

            return ['R 102 edit', 'R 201 edit'];
        }];
        yield 'price of another type | Model\\Price::add' => [static function () use ($new): array {
            self::id(Model\Price::add(['fields' => ['CATALOG_GROUP_ID' => 2] + $new])->getId());

            return [];
        }];
        yield 'price recounted from the base price | Model\\Price::update' => [static function (self $test): array {
            $test->insert('b_catalog_extra', ['ID' => 1, 'NAME' => 'Dealers', 'PERCENTAGE' => 10]);
            $test->insert('b_catalog_price', [
                'ID' => 1301, 'PRODUCT_ID' => 101, 'CATALOG_GROUP_ID' => 2, 'PRICE' => '110', 'PRICE_SCALE' => '110', 'CURRENCY' => 'RUB',
                'EXTRA_ID' => 1,
            ]);
            $test->connect(['id' => 1, 'iblock_ids' => [2], 'price_type_id' => 2]);
            $test->forgetChanges();
            $test->nextHit();
            $recount = ['fields' => ['PRICE' => 200], 'actions' => ['RECOUNT_PRICES' => true]];
            self::assertTrue(Model\Price::update(1101, $recount)->isSuccess());

            return ['R 101 edit'];
        }];
    }

    /** @return iterable<string, array{\Closure(self): list<string>}> */
    public static function whatChangesAllPrices(): iterable
    {
        yield 'price type change | CCatalogGroup::Update' => [static function (): array {
            self::assertTrue((bool)\CCatalogGroup::Update(1, ['NAME' => 'RETAIL']));

            return ['T 1 edit'];
        }];
        yield 'price type delete, after which nothing is sold | CCatalogGroup::Delete' => [static function (self $test): array {
            $test->connect(['id' => 1, 'iblock_ids' => [2], 'price_type_id' => 2]);
            $test->insert('b_catalog_price', [
                'ID' => 1301, 'PRODUCT_ID' => 101, 'CATALOG_GROUP_ID' => 2, 'PRICE' => '110', 'PRICE_SCALE' => '110', 'CURRENCY' => 'RUB',
            ]);
            $test->outbox()->append(1, Kind::Product, [101], Cause::Export);
            self::assertContains('price.changed 101 110.00 export', $test->told());
            $test->forgetChanges();
            $test->nextHit();
            self::assertTrue((bool)\CCatalogGroup::Delete(2));

            return ['T 2 edit'];
        }];
        $rate = ['CURRENCY' => 'USD', 'DATE_RATE' => '01.01.2026', 'RATE_CNT' => 1, 'RATE' => 90];
        yield 'currency rate, where prices are converted | CCurrencyRates::Add' => [static function (self $test) use ($rate): array {
            $test->connect(['id' => 1, 'iblock_ids' => [2], 'currency' => 'RUB']);
            $test->forgetChanges();
            $test->nextHit();
            self::id(\CCurrencyRates::Add($rate));

            return ['T 0 edit'];
        }];
        yield 'currency rate, where they are not | CCurrencyRates::Add' => [static function () use ($rate): array {
            self::id(\CCurrencyRates::Add($rate));

            return [];
        }];
        yield 'currency delete, which takes its prices along | CCurrency::Delete' => [static function (self $test): array {
            $test->fire('currency', 'OnCurrencyDelete', 'USD');

            return ['T 0 edit'];
        }];
        yield 'discount, where prices are sent with discounts | CSaleDiscount::Add' => [static function (self $test): array {
            $test->connect(['id' => 1, 'iblock_ids' => [2], 'use_discounts' => true]);
            $test->forgetChanges();
            $test->nextHit();
            $test->send('sale', '\\Bitrix\\Sale\\Internals\\Discount::OnAfterAdd', ['id' => 1, 'primary' => ['ID' => 1], 'fields' => []]);

            return ['T 0 edit'];
        }];
        yield 'discount, where they are not | CSaleDiscount::Add' => [static function (self $test): array {
            $test->send('sale', '\\Bitrix\\Sale\\Internals\\Discount::OnAfterAdd', ['id' => 1, 'primary' => ['ID' => 1], 'fields' => []]);

            return [];
        }];
    }

    /** @return iterable<string, array{\Closure(self): list<string>}> */
    public static function stock(): iterable
    {
        $row = ['PRODUCT_ID' => 103, 'STORE_ID' => 1, 'AMOUNT' => 3];
        $added = [
            'CCatalogStoreProduct::Add' => static fn () => \CCatalogStoreProduct::Add($row),
            'CCatalogStoreProduct::UpdateFromForm' => static fn () => \CCatalogStoreProduct::UpdateFromForm($row),
            'StoreProductTable::add' => static fn () => StoreProductTable::add($row)->getId(),
        ];
        foreach ($added as $path => $write) {
            yield "warehouse stock add | $path" => [static function () use ($write): array {
                self::id($write());

                return ['S 103 edit'];
            }];
        }
        $same = ['PRODUCT_ID' => 101, 'STORE_ID' => 1, 'AMOUNT' => 8];
        $changed = [
            'CCatalogStoreProduct::Update' => static fn () => \CCatalogStoreProduct::Update(2101, $same),
            'CCatalogStoreProduct::Update without the product' => static fn () => \CCatalogStoreProduct::Update(2101, ['AMOUNT' => 8]),
            'CCatalogStoreProduct::UpdateFromForm' => static fn () => \CCatalogStoreProduct::UpdateFromForm($same),
            'CCatalogStoreProduct::Delete' => static fn () => \CCatalogStoreProduct::Delete(2101),
            'StoreProductTable::update' => static fn () => StoreProductTable::update(2101, ['AMOUNT' => 8])->isSuccess(),
            'StoreProductTable::update, reserve' => static fn () => StoreProductTable::update(2101, ['QUANTITY_RESERVED' => 1])->isSuccess(),
            'StoreProductTable::delete' => static fn () => StoreProductTable::delete(2101)->isSuccess(),
        ];
        foreach ($changed as $path => $write) {
            yield "warehouse stock change | $path" => [static function () use ($write): array {
                self::assertTrue((bool)$write());

                return ['S 101 edit'];
            }];
        }
    }

    /** @return iterable<string, array{\Closure(self): list<string>}> */
    public static function whatChangesAllStock(): iterable
    {
        yield 'warehouse change | CCatalogStore::Update' => [static function (): array {
            self::assertTrue((bool)\CCatalogStore::Update(1, ['TITLE' => 'Central']));

            return ['W 1 edit'];
        }];
        yield 'warehouse switched off | StoreTable::update' => [static function (): array {
            self::assertTrue(\Bitrix\Catalog\StoreTable::update(1, ['ACTIVE' => 'N'])->isSuccess());

            return ['W 1 edit'];
        }];
        yield 'warehouse delete | CCatalogStore::Delete' => [static function (): array {
            self::assertTrue((bool)\CCatalogStore::Delete(1));

            return ['W 1 edit'];
        }];
        yield 'warehouse accounting switched on | Option::set' => [static function (): array {
            \Bitrix\Main\Config\Option::set('catalog', 'default_use_store_control', 'Y');

            return ['W 0 edit'];
        }];
    }

    /** @return iterable<string, array{\Closure(self): list<string>}> */
    public static function documentsSetsAndBarcodes(): iterable
    {
        $document = static fn (string $type, array $line): int => self::id(\CCatalogDocs::add([
            'DOC_TYPE' => $type, 'SITE_ID' => 's1', 'RESPONSIBLE_ID' => 1, 'CREATED_BY' => 1, 'CURRENCY' => 'RUB', 'TOTAL' => 0,
            'TITLE' => $type, 'STATUS' => 'N', 'ELEMENT' => [$line + ['ELEMENT_ID' => 101, 'AMOUNT' => 2]],
        ]));
        yield 'document, draft | CCatalogDocs::add' => [static function () use ($document): array {
            $document('S', ['STORE_TO' => 1]);

            return [];
        }];
        $conducted = [
            'adjustment' => ['S', ['STORE_TO' => 1]],
            'moving' => ['M', ['STORE_FROM' => 1, 'STORE_TO' => 2]],
            'deduction' => ['D', ['STORE_FROM' => 1]],
        ];
        foreach ($conducted as $what => [$type, $line]) {
            yield "document, $what | CCatalogDocs::conductDocument" => [static function () use ($document, $type, $line): array {
                self::assertTrue(\CCatalogDocs::conductDocument($document($type, $line), 1));

                return ['P 101 edit', 'S 101 edit'];
            }];
        }
        yield 'document, cancelled | CCatalogDocs::cancellationDocument' => [static function (self $test) use ($document): array {
            $id = $document('D', ['STORE_FROM' => 1]);
            \CCatalogDocs::conductDocument($id, 1);
            $test->forgetChanges();
            $test->nextHit();
            self::assertTrue(\CCatalogDocs::cancellationDocument($id, 1));

            return ['P 101 edit', 'S 101 edit'];
        }];
        yield 'document of more than there is | CCatalogDocs::conductDocument' => [static function () use ($document): array {
            self::assertFalse(\CCatalogDocs::conductDocument($document('D', ['STORE_FROM' => 1, 'AMOUNT' => 99]), 1));

            return [];
        }];
        $set = ['TYPE' => 1, 'ITEM_ID' => 103, 'ACTIVE' => 'Y', 'ITEMS' => [['ITEM_ID' => 101, 'QUANTITY' => 1]]];
        yield 'set add | CCatalogProductSet::add' => [static function () use ($set): array {
            self::id(\CCatalogProductSet::add($set));

            return ['P 103 edit', 'S 103 edit'];
        }];
        yield 'set, by its item\'s quantity | Model\\Product::update' => [static function (self $test) use ($set): array {
            \CCatalogProductSet::add($set);
            $test->forgetChanges();
            $test->nextHit();
            \CCatalogProductSet::recalculateSetsByProduct(101);

            return ['P 103 edit', 'S 103 edit'];
        }];
        yield 'set delete, which tells the set alone | CCatalogProductSet::delete' => [static function (self $test) use ($set): array {
            $id = \CCatalogProductSet::add($set);
            $test->forgetChanges();
            $test->nextHit();
            $test->fire('catalog', 'OnBeforeProductSetDelete', $id);
            Application::getConnection()->queryExecute('DELETE FROM b_catalog_product_sets');
            $test->fire('catalog', 'OnProductSetDelete', $id);

            return ['P 103 edit', 'S 103 edit'];
        }];
        $barcode = ['PRODUCT_ID' => 101, 'BARCODE' => '4006381333931', 'STORE_ID' => 0];
        yield 'barcode add | CCatalogStoreBarCode::add' => [static function () use ($barcode): array {
            self::id(\CCatalogStoreBarCode::add($barcode));

            return ['P 101 edit'];
        }];
        yield 'barcode delete, which tells the row alone | CCatalogStoreBarCode::delete' => [static function (self $test) use ($barcode): array {
            $id = \CCatalogStoreBarCode::add($barcode);
            $test->forgetChanges();
            $test->nextHit();
            $test->fire('catalog', 'OnBeforeCatalogStoreBarCodeDelete', $id);
            Application::getConnection()->queryExecute('DELETE FROM b_catalog_store_barcode');
            $test->fire('catalog', 'OnCatalogStoreBarCodeDelete', $id);

            return ['P 101 edit'];
        }];
        yield 'price recounted by a markup | CExtra::Update' => [static function (self $test): array {
            $test->insert('b_catalog_extra', ['ID' => 1, 'NAME' => 'Dealers', 'PERCENTAGE' => 10]);
            $test->insert('b_catalog_price', [
                'ID' => 1301, 'PRODUCT_ID' => 101, 'CATALOG_GROUP_ID' => 2, 'PRICE' => '110', 'PRICE_SCALE' => '110', 'CURRENCY' => 'RUB',
                'EXTRA_ID' => 1,
            ]);
            $test->connect(['id' => 1, 'iblock_ids' => [2], 'price_type_id' => 2]);
            $test->forgetChanges();
            $test->nextHit();
            self::assertTrue((bool)\CExtra::Update(1, ['PERCENTAGE' => 20, 'RECALCULATE' => 'Y']));

            return ['R 101 edit'];
        }];
    }

    private static function id(mixed $result): int
    {
        self::assertGreaterThan(0, (int)$result, 'the kernel made it');

        return (int)$result;
    }
}
