<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Sending;

use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Tests\Fixtures\ShopRows;

require_once __DIR__ . '/SendingTestCase.php';

/** Under which SKU something is told, and what becomes of SKUs that nobody bears. */
final class SkuTest extends SendingTestCase
{
    private int $id;

    protected function setUp(): void
    {
        parent::setUp();
        $this->id = $this->sold('A', 7);
        $this->touch(Kind::Product, [$this->id]);
        $this->drain();
        $this->gateway->told();
    }

    /** @test */
    public function aRenamedSkuIsSoldOutUnderItsOldName(): void
    {
        $this->rename($this->id, 'B');
        $this->touch(Kind::Product, [$this->id]);
        $this->drain();

        self::assertSame(
            ['price.changed B 100.00', "product.changed {$this->id}", 'stock.changed A 0', 'stock.changed B 7'],
            $this->gateway->told(),
        );
        $this->touch(Kind::Product, [$this->id]);
        $this->drain();
        self::assertSame(["product.changed {$this->id}"], $this->gateway->told(), 'the old name is done with');
    }

    /** @test */
    public function aTouchOfTheStockAloneFindsTheNewName(): void
    {
        $this->rename($this->id, 'B');
        $this->touch(Kind::Stock, [$this->id]);
        $this->drain();

        self::assertSame([0, 7], [$this->gateway->stock('A'), $this->gateway->stock('B')]);
    }

    /** @test */
    public function aNameThatComesBackIsSoldAgain(): void
    {
        foreach (['B', 'A'] as $sku) {
            $this->rename($this->id, $sku);
            $this->touch(Kind::Product, [$this->id]);
            $this->drain();
        }

        self::assertSame([7, 0], [$this->gateway->stock('A'), $this->gateway->stock('B')]);
    }

    /** @test */
    public function aDeletedProductIsToldWithItsSkus(): void
    {
        $this->delete($this->id);
        $this->touch(Kind::Product, [$this->id]);
        $this->drain();

        self::assertSame(["product.deleted {$this->id}"], $this->gateway->told());
        self::assertSame(0, $this->gateway->stock('A'));
        $this->touch(Kind::Product, [$this->id]);
        $this->drain();
        self::assertSame([], $this->gateway->told(), 'once');
    }

    /** @test */
    public function aDeletedOfferIsSoldOutAndItsProductToldWithoutIt(): void
    {
        $product = $this->shop->product('P');
        [$red, $blue] = [$this->shop->offer($product, 'RED'), $this->shop->offer($product, 'BLUE')];
        $this->shop->goods($red, 3);
        $this->shop->goods($blue, 4);
        $this->touch(Kind::Product, [$product]);
        $this->drain();
        $this->gateway->told();

        $this->delete($red);
        $this->touch(Kind::Product, [$red]);
        $this->drain();
        self::assertSame(["product.changed $product", 'stock.changed RED 0'], $this->gateway->told());
        self::assertSame(['BLUE'], array_column($this->gateway->states["product $product"]['offers'], 'sku'));
    }

    /** @test */
    public function aProductThatIsDeletedWithItsOffersIsToldOnce(): void
    {
        [$product, $red, $blue] = $this->shirt();
        foreach ([$red, $blue, $product] as $id) {
            $this->delete($id);
        }
        $this->touch(Kind::Product, [$red, $blue, $product]);
        $this->drain();

        self::assertSame(["product.deleted $product", 'stock.changed BLUE 0', 'stock.changed RED 0'], $this->gateway->told());
        self::assertSame([], $this->rows('W'));
    }

    /** @test */
    public function aDeletionIsToldThoughItsStockWasToldBefore(): void
    {
        $this->delete($this->id);
        $this->touch(Kind::Stock, [$this->id]);
        $this->drain();
        self::assertSame(['stock.changed A 0'], $this->gateway->told());

        $this->touch(Kind::Product, [$this->id]);
        $this->drain();
        self::assertSame(["product.deleted {$this->id}"], $this->gateway->told());
        $this->touch(Kind::Product, [$this->id]);
        $this->touch(Kind::Stock, [$this->id]);
        $this->drain();
        self::assertSame([], $this->gateway->told());
    }

    /** @test */
    public function anOfferThatMovedToAnotherProductGoesWithThatOne(): void
    {
        [$old, $red] = $this->shirt();
        $new = $this->shop->product('N');
        $this->shop->value($red, ShopRows::OFFERS, ShopRows::LINK, (string)$new);
        $this->touch(Kind::Product, [$old, $new]);
        $this->drain();
        self::assertSame(3, $this->gateway->stock('RED'));
        self::assertSame(['BLUE'], array_column($this->gateway->states["product $old"]['offers'], 'sku'));
        self::assertSame(['RED'], array_column($this->gateway->states["product $new"]['offers'], 'sku'));

        $this->delete($old);
        $this->touch(Kind::Product, [$old]);
        $this->drain();
        self::assertSame(3, $this->gateway->stock('RED'), 'it is not the old one\'s');
        $this->delete($new);
        $this->delete($red);
        $this->touch(Kind::Product, [$new]);
        $this->drain();
        self::assertSame(0, $this->gateway->stock('RED'));
    }

    /**
     * @test
     * @dataProvider whatNobodyMayBuy
     */
    public function whatNobodyMayBuyIsSoldOut(string $sql): void
    {
        $this->shop->sql(str_replace('#', (string)$this->id, $sql));
        $this->touch(Kind::Product, [$this->id]);
        $this->drain();

        self::assertSame(["product.changed {$this->id}", 'stock.changed A 0'], $this->gateway->told());
    }

    /** @return array<string, array{string}> */
    public static function whatNobodyMayBuy(): array
    {
        return [
            'deactivated' => ["UPDATE b_iblock_element SET ACTIVE = 'N' WHERE ID = #"],
            'not yet active' => ["UPDATE b_iblock_element SET ACTIVE_FROM = NOW() + INTERVAL 1 DAY WHERE ID = #"],
            'no longer active' => ["UPDATE b_iblock_element SET ACTIVE_TO = NOW() - INTERVAL 1 DAY WHERE ID = #"],
            'without a price' => ['DELETE FROM b_catalog_price WHERE PRODUCT_ID = #'],
            'with a price of nothing' => ['UPDATE b_catalog_price SET PRICE = 0 WHERE PRODUCT_ID = #'],
        ];
    }

    /** @test */
    public function anOfferOfAnInactiveProductIsSoldOut(): void
    {
        $product = $this->shop->product('P', ['ACTIVE' => 'N']);
        $offer = $this->shop->offer($product, 'RED');
        $this->shop->goods($offer, 3);
        $this->touch(Kind::Stock, [$offer]);
        $this->drain();

        self::assertSame(['stock.changed RED 0'], $this->gateway->told());
    }

    /** @test */
    public function theStockOfAllOffersFollowsATouchOfTheirProductsStock(): void
    {
        $product = $this->shop->product('P');
        [$red, $blue] = [$this->shop->offer($product, 'RED'), $this->shop->offer($product, 'BLUE')];
        $this->shop->goods($red, 3);
        $this->shop->goods($blue, 4);
        $this->touch(Kind::Product, [$product]);
        $this->drain();
        $this->gateway->told();

        $this->touch(Kind::Stock, [$product]);
        $this->drain();
        self::assertSame([], $this->gateway->told(), 'nothing differs');
        $this->shop->sql("UPDATE b_iblock_element SET ACTIVE = 'N' WHERE ID = $product");
        $this->touch(Kind::Stock, [$product]);
        $this->drain();
        self::assertSame(['stock.changed BLUE 0', 'stock.changed RED 0'], $this->gateway->told());
        self::assertSame([], $this->rows('W'));
    }

    /** @test */
    public function aProductIsSeenWhereOneOfItsSectionsIsActiveWithAllAbove(): void
    {
        foreach ([[10, 0, 'N'], [11, 10, 'Y'], [12, 0, 'Y']] as [$id, $parent, $active]) {
            $this->shop->insert('b_iblock_section', ['ID' => $id, 'IBLOCK_ID' => ShopRows::PRODUCTS, 'NAME' => "S$id", 'ACTIVE' => $active,
                'GLOBAL_ACTIVE' => 'Y', 'IBLOCK_SECTION_ID' => $parent ?: null]);
        }
        $this->shop->insert('b_iblock_section_element', ['IBLOCK_SECTION_ID' => 11, 'IBLOCK_ELEMENT_ID' => $this->id]);
        $this->touch(Kind::Stock, [$this->id]);
        $this->drain();
        self::assertSame(['stock.changed A 0'], $this->gateway->told());

        $this->shop->insert('b_iblock_section_element', ['IBLOCK_SECTION_ID' => 12, 'IBLOCK_ELEMENT_ID' => $this->id]);
        $this->touch(Kind::Stock, [$this->id]);
        $this->drain();
        self::assertSame(['stock.changed A 7'], $this->gateway->told());
    }

    /** @test */
    public function twoThatBearOneSkuAreToldWithTheSmallerStockAndNeitherPrice(): void
    {
        $other = $this->sold('A', 3);
        $this->shop->price($other, '55');
        $this->touch(Kind::Stock, [$other]);
        $this->touch(Kind::Price, [$other]);
        $this->drain();

        self::assertSame(['stock.changed A 3'], $this->gateway->told());
        self::assertSame(["R $other P sku_duplicate"], $this->rows('P'));
        $line = $this->senders()->journal->page(1, null, 1)[0];
        self::assertSame('sku_duplicate', $line->code);
        self::assertStringContainsString("#{$this->id}", $line->detail);
        self::assertStringContainsString("#$other", $line->detail);

        $this->rename($this->id, 'B');
        $this->touch(Kind::Product, [$this->id]);
        $this->drain();
        self::assertSame(
            ['price.changed A 55.00', 'price.changed B 100.00', "product.changed {$this->id}", 'stock.changed B 7'],
            $this->gateway->told(),
            'the one that still bears it is told with its own price; its stock was the smaller',
        );
    }

    /** @test */
    public function whereOneOfTwoIsDeletedTheOtherIsToldAndNothingIsSoldOut(): void
    {
        $other = $this->sold('A', 3);
        $this->touch(Kind::Product, [$other]);
        $this->drain();
        $this->gateway->told();

        $this->delete($other);
        $this->touch(Kind::Product, [$other]);
        $this->drain();
        self::assertSame(7, $this->gateway->stock('A'));
        self::assertContains("product.deleted $other", $this->gateway->told());
    }

    /** @test */
    public function twoThatSwapTheirSkusSwapTheirStates(): void
    {
        $other = $this->sold('B', 3);
        $this->touch(Kind::Product, [$other]);
        $this->drain();
        $this->rename($this->id, 'B');
        $this->rename($other, 'A');
        $this->touch(Kind::Product, [$this->id, $other]);
        $this->drain();

        self::assertSame([3, 7], [$this->gateway->stock('A'), $this->gateway->stock('B')]);
    }

    /**
     * @test
     * @dataProvider unusableSkus
     */
    public function aSkuThatCannotBeOneIsShownWithItsReason(string $sku, string $code): void
    {
        $id = $this->sold($sku, 3);
        $this->touch(Kind::Stock, [$id]);
        $this->touch(Kind::Product, [$id]);
        $this->drain();

        self::assertSame([], $this->gateway->told());
        self::assertSame(["S $id P $code", "P $id P $code"], $this->rows('P'));
        self::assertSame($code, $this->senders()->journal->page(1, null, 1)[0]->code);

        $this->rename($id, 'GOOD');
        $this->touch(Kind::Product, [$id]);
        $this->touch(Kind::Stock, [$id]);
        $this->drain();
        self::assertSame([], $this->rows('P'), 'once it is mended nothing is parked');
        self::assertSame(3, $this->gateway->stock('GOOD'));
    }

    /** @return array<string, array{string, string}> */
    public static function unusableSkus(): array
    {
        return [
            'none' => ['', 'sku_missing'],
            'of 51 characters' => [str_repeat("\u{0416}", 51), 'sku_too_long'],
            'with a control character' => ["A\tB", 'sku_control_characters'],
        ];
    }

    /** @test */
    public function fiftyCharactersOfAnyAlphabetAreASku(): void
    {
        $sku = str_repeat("\u{0416}", 50);
        $id = $this->sold($sku, 3);
        $this->touch(Kind::Stock, [$id]);
        $this->drain();

        self::assertSame(3, $this->gateway->stock($sku));
    }

    /**
     * @test
     * @dataProvider sources
     */
    public function theSourceOfTheSkuIsASetting(string $source, string $expected): void
    {
        $product = $this->shop->product('', ['XML_ID' => 'guid-1', 'CODE' => 'cap']);
        $this->shop->goods($product, 4);
        $this->touch(Kind::Stock, [$product]);
        $this->drain($this->connection(['sku_source' => $source]));

        self::assertSame(4, $this->gateway->stock(str_replace('#', (string)$product, $expected)));
    }

    /** @return array<string, array{string, string}> */
    public static function sources(): array
    {
        return ['external code' => ['xml_id', 'guid-1'], 'symbolic code' => ['code', 'cap'], 'id' => ['id', '#']];
    }

    /** @test */
    public function anOfferWithoutItsOwnArticleBearsItsProducts(): void
    {
        $product = $this->shop->product('P');
        $offer = $this->shop->offer($product, '');
        $this->shop->goods($offer, 4);
        $this->touch(Kind::Stock, [$offer]);
        $this->drain();

        self::assertSame(4, $this->gateway->stock('P'));
    }

    /** @return array{int, int, int} product, red and blue offer, told */
    private function shirt(): array
    {
        $product = $this->shop->product('P');
        [$red, $blue] = [$this->shop->offer($product, 'RED'), $this->shop->offer($product, 'BLUE')];
        $this->shop->goods($red, 3);
        $this->shop->goods($blue, 4);
        $this->touch(Kind::Product, [$product]);
        $this->drain();
        $this->gateway->told();

        return [$product, $red, $blue];
    }

    private function sold(string $sku, float $quantity): int
    {
        $id = $this->shop->product($sku);
        $this->shop->goods($id, $quantity);

        return $id;
    }

    private function rename(int $id, string $sku): void
    {
        $this->shop->value($id, ShopRows::PRODUCTS, ShopRows::ARTICLE_OF_PRODUCT, $sku);
    }

    private function delete(int $id): void
    {
        $columns = ['b_iblock_element' => 'ID', 'b_iblock_element_property' => 'IBLOCK_ELEMENT_ID', 'b_catalog_product' => 'ID',
            'b_catalog_price' => 'PRODUCT_ID'];
        foreach ($columns as $table => $column) {
            $this->shop->sql("DELETE FROM $table WHERE $column = $id");
        }
    }
}
