<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Kernel;

use Aligate\Aliexpress\Tests\FakeKernel\Shop;
use Bitrix\Catalog\MeasureRatioTable;
use Bitrix\Catalog\Model;
use Bitrix\Catalog\PriceTable;
use Bitrix\Catalog\Product\Sku;
use Bitrix\Catalog\ProductTable;
use Bitrix\Catalog\StoreProductTable;
use Bitrix\Catalog\StoreTable;
use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;
use Bitrix\Sale\Basket;
use Bitrix\Sale\Delivery\Services\Manager as Deliveries;
use Bitrix\Sale\Internals\OrderTable;
use Bitrix\Sale\Internals\ShipmentTable;
use Bitrix\Sale\Order;
use Bitrix\Sale\PaySystem\Manager as PaySystems;

/**
 * The observed scenarios, played on the fake kernel.
 *
 * Each is in up to three steps: what must be there (its own hit), what the hit does before one looks, and what is looked at.
 */
final class Scenarios
{
    /** @return array<string, \Closure(): \Closure(): ?\Closure> */
    public static function of(string $area): array
    {
        return match ($area) {
            'iblock' => self::iblock(),
            'product' => self::product(),
            'price' => self::price(),
            'stock' => self::stock(),
            'sale' => self::sale(),
        };
    }

    /** @param \Closure(Shop): \Closure $then from the shop to what is looked at */
    private static function inShop(\Closure $then): \Closure
    {
        return static function () use ($then): \Closure {
            $act = $then(new Shop());
            return static fn (): \Closure => $act;
        };
    }

    private static function element(): \CIBlockElement
    {
        return new \CIBlockElement();
    }

    private static function iblock(): array
    {
        $onElement = static fn (\Closure $act): \Closure => self::inShop(static function (Shop $shop) use ($act): \Closure {
            $id = $shop->element('P1', ['IBLOCK_SECTION_ID' => $shop->section, 'PREVIEW_TEXT' => 't'], ['ARTNUMBER' => 'A-0', 'WEIGHT_G' => 1]);
            return static fn () => $act($id, $shop);
        });
        $onOffer = static fn (\Closure $act): \Closure => self::inShop(static function (Shop $shop) use ($act): \Closure {
            $parent = $shop->element('P1');
            $offer = (int)self::element()->Add(['IBLOCK_ID' => $shop->offers, 'NAME' => 'O', 'ACTIVE' => 'Y', 'PROPERTY_VALUES' => ['CML2_LINK' => $parent]]);
            Model\Product::add(['ID' => $offer, 'QUANTITY' => 0, 'QUANTITY_TRACE' => 'Y']);
            return static fn () => $act($offer, $parent, $shop);
        });
        return [
            'CIBlockElement::Add (plain, with section)' => self::inShop(static fn (Shop $shop) => static fn () => self::element()->Add(['IBLOCK_ID' => $shop->products,
                'NAME' => 'P1', 'CODE' => 'p1', 'ACTIVE' => 'Y', 'XML_ID' => 'x1', 'IBLOCK_SECTION_ID' => $shop->section, 'PREVIEW_TEXT' => 't'])),
            'CIBlockElement::Add (with PROPERTY_VALUES)' => self::inShop(static fn (Shop $shop) => static fn () => self::element()->Add(['IBLOCK_ID' => $shop->products,
                'NAME' => 'P2', 'CODE' => 'p2', 'ACTIVE' => 'Y', 'XML_ID' => 'x2', 'PROPERTY_VALUES' => ['ARTNUMBER' => 'A-2', 'TAGS' => ['a', 'b'], 'WEIGHT_G' => 5]])),
            'CIBlockElement::Add (NAME empty)' => self::inShop(static fn (Shop $shop) => static fn () => self::element()->Add(['IBLOCK_ID' => $shop->products, 'NAME' => ''])),
            'CIBlockElement::Update NAME' => $onElement(static fn (int $id) => self::element()->Update($id, ['NAME' => 'P1 new'])),
            'CIBlockElement::Update same NAME (no real change)' => $onElement(static fn (int $id) => self::element()->Update($id, ['NAME' => 'P1'])),
            'CIBlockElement::Update ACTIVE=N' => $onElement(static fn (int $id) => self::element()->Update($id, ['ACTIVE' => 'N'])),
            'CIBlockElement::Update IBLOCK_SECTION_ID' => $onElement(static fn (int $id, Shop $shop) => self::element()->Update($id, ['IBLOCK_SECTION_ID' => $shop->section])),
            'CIBlockElement::SetElementSection' => $onElement(static fn (int $id) => \CIBlockElement::SetElementSection($id, [])),
            'CIBlockElement::Update with PROPERTY_VALUES' => $onElement(static fn (int $id) => self::element()->Update($id, ['PROPERTY_VALUES' => ['ARTNUMBER' => 'A-1', 'WEIGHT_G' => 10]])),
            'CIBlockElement::SetPropertyValueCode' => $onElement(static fn (int $id) => \CIBlockElement::SetPropertyValueCode($id, 'ARTNUMBER', 'A-1b')),
            'CIBlockElement::SetPropertyValues (all)' => $onElement(static fn (int $id, Shop $shop) => \CIBlockElement::SetPropertyValues($id, $shop->products, ['ARTNUMBER' => 'A-1c', 'WEIGHT_G' => 11])),
            'CIBlockElement::SetPropertyValues (one property code)' => $onElement(static fn (int $id, Shop $shop) => \CIBlockElement::SetPropertyValues($id, $shop->products, 'A-1d', 'ARTNUMBER')),
            'CIBlockElement::SetPropertyValuesEx' => $onElement(static fn (int $id, Shop $shop) => \CIBlockElement::SetPropertyValuesEx($id, $shop->products, ['ARTNUMBER' => 'A-1e', 'TAGS' => ['q', 'w']])),
            'CIBlockElement::SetPropertyValuesEx (IBLOCK_ID=false)' => $onElement(static fn (int $id) => \CIBlockElement::SetPropertyValuesEx($id, false, ['ARTNUMBER' => 'A-1f'])),
            '\Bitrix\Iblock\ElementTable::update' => $onElement(static fn (int $id) => \Bitrix\Iblock\ElementTable::update($id, ['NAME' => 'x'])),
            'CIBlockElement::Add offer with CML2_LINK' => self::inShop(static function (Shop $shop): \Closure {
                $parent = $shop->element('P1');
                return static fn () => self::element()->Add(['IBLOCK_ID' => $shop->offers, 'NAME' => 'P1 offer', 'ACTIVE' => 'Y', 'XML_ID' => 'x1#1', 'PROPERTY_VALUES' => ['CML2_LINK' => $parent, 'SIZE' => 'M']]);
            }),
            'CIBlockElement::SetPropertyValuesEx on offer' => $onOffer(static fn (int $id, int $parent, Shop $shop) => \CIBlockElement::SetPropertyValuesEx($id, $shop->offers, ['SIZE' => 'L'])),
            'CIBlockElement::Update offer ACTIVE=N' => $onOffer(static fn (int $id) => self::element()->Update($id, ['ACTIVE' => 'N'])),
            'CIBlockSection::Add' => self::inShop(static fn (Shop $shop) => static fn () => (new \CIBlockSection())->Add(['IBLOCK_ID' => $shop->products, 'NAME' => 'S', 'CODE' => 'snew', 'IBLOCK_SECTION_ID' => $shop->section, 'ACTIVE' => 'Y'])),
            'CIBlockSection::Update NAME' => self::inShop(static fn (Shop $shop) => static fn () => (new \CIBlockSection())->Update($shop->section, ['NAME' => 'S2'])),
            'CIBlockSection::Update ACTIVE=N' => self::inShop(static fn (Shop $shop) => static fn () => (new \CIBlockSection())->Update($shop->section, ['ACTIVE' => 'N'])),
            'CIBlockSection::Delete' => self::inShop(static fn (Shop $shop) => static fn () => \CIBlockSection::Delete($shop->section)),
            '\Bitrix\Iblock\SectionTable::update' => self::inShop(static fn (Shop $shop) => static fn () => \Bitrix\Iblock\SectionTable::update($shop->section, ['NAME' => 'D7'])),
            'CIBlockProperty::Add' => self::inShop(static fn (Shop $shop) => static fn () => (new \CIBlockProperty())->Add(['IBLOCK_ID' => $shop->products, 'NAME' => 'TMP', 'CODE' => 'TMP', 'PROPERTY_TYPE' => 'L', 'VALUES' => [['VALUE' => 'v', 'SORT' => 1, 'XML_ID' => 'v']]])),
            'CIBlockProperty::Update' => self::inShop(static fn (Shop $shop) => static fn () => (new \CIBlockProperty())->Update($shop->properties['ARTNUMBER'], ['NAME' => 'TMP2'])),
            'CIBlockPropertyEnum::Add' => self::inShop(static fn (Shop $shop) => static fn () => \CIBlockPropertyEnum::Add(['PROPERTY_ID' => $shop->properties['COLOR'], 'VALUE' => 'green'])),
            'CIBlockProperty::Delete' => self::inShop(static fn (Shop $shop) => static fn () => \CIBlockProperty::Delete($shop->properties['COLOR'])),
            'CIBlock::Update NAME' => self::inShop(static fn (Shop $shop) => static fn () => (new \CIBlock())->Update($shop->products, ['NAME' => 'Catalog'])),
            'CIBlockElement::Delete offer' => $onOffer(static fn (int $id) => \CIBlockElement::Delete($id)),
            'CIBlockElement::Delete product that has an offer, prices' => $onOffer(static fn (int $id, int $parent) => \CIBlockElement::Delete($parent)),
            'CIBlockElement::Delete simple element' => self::inShop(static function (Shop $shop): \Closure {
                $id = $shop->product('P1');
                return static fn () => \CIBlockElement::Delete($id);
            }),
            'CIBlockElement::Delete non-existing id' => self::inShop(static fn () => static fn () => \CIBlockElement::Delete(999999)),
            'CIBlockSection::Delete (contains an element with a price)' => self::inShop(static function (Shop $shop): \Closure {
                $shop->product('P1', 5, 100, ['IBLOCK_SECTION_ID' => $shop->section]);
                return static fn () => \CIBlockSection::Delete($shop->section);
            }),
            'CIBlockElement::SetPropertyValuesEx CML2_LINK (offer moved to another parent)' => self::inShop(static function (Shop $shop): \Closure {
                [$from, $to] = [$shop->element('P1'), $shop->element('P2')];
                $shop->offer($to, 'other', 1, 500);
                $id = $shop->offer($from, 'O', 5, 333);
                return static fn () => \CIBlockElement::SetPropertyValuesEx($id, $shop->offers, ['CML2_LINK' => $to]);
            }),
        ];
    }

    private static function product(): array
    {
        $onProduct = static fn (\Closure $act): \Closure => self::inShop(static function (Shop $shop) use ($act): \Closure {
            $id = $shop->element('P1');
            Model\Product::add(['ID' => $id, 'QUANTITY' => 5, 'QUANTITY_TRACE' => 'Y']);
            return static fn () => $act($id);
        });
        $onBare = static fn (\Closure $act): \Closure => self::inShop(static function (Shop $shop) use ($act): \Closure {
            $id = $shop->element('P1');
            return static fn () => $act($id);
        });
        $onOffer = static fn (float $quantity, \Closure $act): \Closure => self::inShop(static function (Shop $shop) use ($quantity, $act): \Closure {
            $parent = $shop->element('P1');
            $offer = (int)self::element()->Add(['IBLOCK_ID' => $shop->offers, 'NAME' => 'O', 'ACTIVE' => 'Y', 'PROPERTY_VALUES' => ['CML2_LINK' => $parent]]);
            Model\Product::add(['ID' => $offer, 'QUANTITY' => $quantity, 'QUANTITY_TRACE' => 'Y']);
            return static fn () => $act($offer, $parent);
        });
        $update = static fn (array $fields): \Closure => $onProduct(static fn (int $id) => Model\Product::update($id, $fields));
        $inSet = static fn (float $from, float $to): \Closure => self::inShop(static function (Shop $shop) use ($from, $to): \Closure {
            [$set, $part] = [$shop->element('SET'), $shop->element('PART')];
            Model\Product::add(['ID' => $part, 'QUANTITY' => $from, 'QUANTITY_TRACE' => 'Y']);
            Model\Product::add(['ID' => $set, 'QUANTITY' => 0, 'QUANTITY_TRACE' => 'Y']);
            \CCatalogProductSet::add(['TYPE' => \CCatalogProductSet::TYPE_SET, 'ITEM_ID' => $set, 'ACTIVE' => 'Y', 'ITEMS' => [['ITEM_ID' => $part, 'QUANTITY' => 1]]]);
            return static fn () => Model\Product::update($part, ['QUANTITY' => $to]);
        });
        return [
            'CCatalogProduct::Add (deprecated alias)' => $onBare(static fn (int $id) => \CCatalogProduct::Add(['ID' => $id, 'QUANTITY' => 5, 'QUANTITY_TRACE' => 'Y', 'WEIGHT' => 100])),
            '\Bitrix\Catalog\Model\Product::add' => $onBare(static fn (int $id) => Model\Product::add(['ID' => $id, 'QUANTITY' => 5, 'QUANTITY_TRACE' => 'Y'])),
            '\Bitrix\Catalog\ProductTable::add' => $onBare(static fn (int $id) => ProductTable::add(['ID' => $id, 'QUANTITY' => 5, 'QUANTITY_TRACE' => 'Y', 'TYPE' => 1, 'AVAILABLE' => 'Y'])),
            'CCatalogProduct::Update QUANTITY' => $onProduct(static fn (int $id) => \CCatalogProduct::Update($id, ['QUANTITY' => 7])),
            'CCatalogProduct::Add on existing ID (upsert) QUANTITY' => $onProduct(static fn (int $id) => \CCatalogProduct::Add(['ID' => $id, 'QUANTITY' => 8])),
            'Model\Product::update QUANTITY' => $update(['QUANTITY' => 9]),
            'Model\Product::update QUANTITY same value (no change)' => $update(['QUANTITY' => 5]),
            'Model\Product::update QUANTITY -> 0 (AVAILABLE flips)' => $update(['QUANTITY' => 0]),
            'ProductTable::update QUANTITY' => $onProduct(static fn (int $id) => ProductTable::update($id, ['QUANTITY' => 12])),
            'direct SQL UPDATE b_catalog_product' => $onProduct(static fn (int $id) => Application::getConnection()->queryExecute("UPDATE b_catalog_product SET QUANTITY = 3 WHERE ID = $id")),
            'CCatalogProduct::QuantityTracer (old deduct)' => $onProduct(static fn (int $id) => \CCatalogProduct::QuantityTracer($id, 1)),
            'Model\Product::update QUANTITY_RESERVED' => $update(['QUANTITY_RESERVED' => 1]),
            'Model\Product::update WEIGHT,WIDTH,VAT_ID' => $update(['WEIGHT' => 123, 'WIDTH' => 10, 'VAT_ID' => 1]),
            'Model\Product::update PURCHASING_PRICE' => $update(['PURCHASING_PRICE' => 10.0, 'PURCHASING_CURRENCY' => 'RUB']),
            'Model\Product::update MEASURE' => $update(['MEASURE' => 4]),
            'CCatalogMeasureRatio::add' => $onProduct(static fn (int $id) => \CCatalogMeasureRatio::add(['PRODUCT_ID' => $id, 'RATIO' => 2])),
            '\Bitrix\Catalog\MeasureRatioTable::add' => $onProduct(static fn (int $id) => MeasureRatioTable::add(['PRODUCT_ID' => $id, 'RATIO' => 3, 'IS_DEFAULT' => 'N'])),
            'Model\Product::update non-existing id' => self::inShop(static fn () => static fn () => Model\Product::update(999999, ['QUANTITY' => 1])),
            'Model\Product::update bad currency' => $update(['PURCHASING_PRICE' => 1, 'PURCHASING_CURRENCY' => 'ZZZ']),
            'Model\Product::add for an offer (parent becomes SKU)' => self::inShop(static function (Shop $shop): \Closure {
                $parent = $shop->element('P1');
                $offer = (int)self::element()->Add(['IBLOCK_ID' => $shop->offers, 'NAME' => 'O', 'ACTIVE' => 'Y', 'PROPERTY_VALUES' => ['CML2_LINK' => $parent]]);
                return static fn () => Model\Product::add(['ID' => $offer, 'QUANTITY' => 0, 'QUANTITY_TRACE' => 'Y']);
            }),
            'Model\Product::update offer QUANTITY 0 -> 5 (parent AVAILABLE flips)' => $onOffer(0, static fn (int $id) => Model\Product::update($id, ['QUANTITY' => 5])),
            'Model\Product::update offer QUANTITY 5 -> 6 (no flip)' => $onOffer(5, static fn (int $id) => Model\Product::update($id, ['QUANTITY' => 6])),
            'CCatalogProduct::Update offer QUANTITY' => $onOffer(5, static fn (int $id) => \CCatalogProduct::Update($id, ['QUANTITY' => 7])),
            'ProductTable::update offer QUANTITY -> 0' => $onOffer(5, static fn (int $id) => ProductTable::update($id, ['QUANTITY' => 0])),
            'Model\Product::delete' => $onProduct(static fn (int $id) => Model\Product::delete($id)),
            'ProductTable::delete' => $onProduct(static fn (int $id) => ProductTable::delete($id)),
            'CCatalogProduct::Delete' => $onProduct(static fn (int $id) => \CCatalogProduct::Delete($id)),
            'Model\Product::update offer QUANTITY under Sku::enableDeferredCalculation' => $onOffer(5, static function (int $id): void {
                Sku::enableDeferredCalculation();
                Model\Product::update($id, ['QUANTITY' => 8]);
            }),
            'Sku::disableDeferredCalculation + calculate()' => static function (): \Closure {
                $shop = new Shop();
                $parent = $shop->element('P1');
                $offer = (int)self::element()->Add(['IBLOCK_ID' => $shop->offers, 'NAME' => 'O', 'ACTIVE' => 'Y', 'PROPERTY_VALUES' => ['CML2_LINK' => $parent]]);
                Model\Product::add(['ID' => $offer, 'QUANTITY' => 5, 'QUANTITY_TRACE' => 'Y']);
                return static function () use ($offer): \Closure {
                    Sku::enableDeferredCalculation();
                    Model\Product::update($offer, ['QUANTITY' => 8]);
                    return static function (): void {
                        Sku::disableDeferredCalculation();
                        Sku::calculate();
                    };
                };
            },
            '\Bitrix\Catalog\Product\Sku::updateAvailable' => $onProduct(static fn (int $id) => Sku::updateAvailable($id)),
            'CCatalogProductSet::add (set of a+b)' => self::inShop(static function (Shop $shop): \Closure {
                $ids = array_map(static function (string $name) use ($shop): int {
                    $id = $shop->element($name);
                    Model\Product::add(['ID' => $id, 'QUANTITY' => 5, 'QUANTITY_TRACE' => 'Y']);
                    return $id;
                }, ['SET', 'A', 'B']);
                return static fn () => \CCatalogProductSet::add(['TYPE' => \CCatalogProductSet::TYPE_SET, 'ITEM_ID' => $ids[0], 'ACTIVE' => 'Y',
                    'ITEMS' => [['ITEM_ID' => $ids[1], 'QUANTITY' => 1], ['ITEM_ID' => $ids[2], 'QUANTITY' => 1]]]);
            }),
            'Model\Product::update QUANTITY of a set component (5 -> 3)' => $inSet(5, 3),
            'Model\Product::update QUANTITY of a set component (3 -> 0)' => $inSet(3, 0),
        ];
    }

    private static function price(): array
    {
        $onPrice = static fn (\Closure $act): \Closure => self::inShop(static function (Shop $shop) use ($act): \Closure {
            $id = $shop->product('P1');
            $price = (int)PriceTable::getRow(['filter' => ['=PRODUCT_ID' => $id]])['ID'];
            return static fn () => $act($price, $id, $shop);
        });
        $onProduct = static fn (\Closure $act): \Closure => self::inShop(static function (Shop $shop) use ($act): \Closure {
            $id = $shop->element('P1');
            Model\Product::add(['ID' => $id, 'QUANTITY' => 5]);
            return static fn () => $act($id, $shop);
        });
        $onOffer = static fn (bool $hasPrice, \Closure $act): \Closure => self::inShop(static function (Shop $shop) use ($hasPrice, $act): \Closure {
            $parent = $shop->element('P1');
            $offer = (int)self::element()->Add(['IBLOCK_ID' => $shop->offers, 'NAME' => 'O', 'ACTIVE' => 'Y', 'PROPERTY_VALUES' => ['CML2_LINK' => $parent]]);
            Model\Product::add(['ID' => $offer, 'QUANTITY' => 5, 'QUANTITY_TRACE' => 'Y']);
            $price = $hasPrice ? $shop->price($offer, 300) : 0;
            return static fn () => $act($price, $offer);
        });
        $withExtra = static fn (\Closure $act): \Closure => self::inShop(static function (Shop $shop) use ($act): \Closure {
            $id = $shop->product('P1');
            $extra = \CExtra::Add(['NAME' => 'ten', 'PERCENTAGE' => 10]);
            Model\Price::add(['PRODUCT_ID' => $id, 'CATALOG_GROUP_ID' => $shop->wholesale, 'EXTRA_ID' => $extra, 'PRICE' => 110, 'CURRENCY' => 'RUB']);
            $base = (int)PriceTable::getRow(['filter' => ['=PRODUCT_ID' => $id, '=CATALOG_GROUP_ID' => Shop::BASE]])['ID'];
            return static fn () => $act($base, $extra, $id);
        });
        $fields = static fn (int $product, float|int $price = 100): array => ['PRODUCT_ID' => $product, 'CATALOG_GROUP_ID' => Shop::BASE, 'PRICE' => $price, 'CURRENCY' => 'RUB'];
        $group = ['NAME' => 'WHOLESALE2', 'XML_ID' => 'W2', 'BASE' => 'N', 'SORT' => 200, 'USER_GROUP' => [1], 'USER_GROUP_BUY' => [1], 'USER_LANG' => ['ru' => 'W']];
        return [
            'CPrice::Add' => $onProduct(static fn (int $id) => \CPrice::Add($fields($id))),
            '\Bitrix\Catalog\Model\Price::add' => $onProduct(static fn (int $id) => Model\Price::add($fields($id))),
            '\Bitrix\Catalog\PriceTable::add' => $onProduct(static fn (int $id) => PriceTable::add($fields($id) + ['PRICE_SCALE' => 100])),
            'CPrice::SetBasePrice (new)' => $onProduct(static fn (int $id) => \CPrice::SetBasePrice($id, 200, 'RUB')),
            'CPrice::Update' => $onPrice(static fn (int $price, int $id) => \CPrice::Update($price, $fields($id, 110))),
            'CPrice::Update same price (no change)' => $onPrice(static fn (int $price, int $id) => \CPrice::Update($price, $fields($id))),
            'CPrice::SetBasePrice (existing)' => $onPrice(static fn (int $price, int $id) => \CPrice::SetBasePrice($id, 210, 'RUB')),
            'Model\Price::update' => $onPrice(static fn (int $price) => Model\Price::update($price, ['PRICE' => 120])),
            'Model\Price::update same price (no change)' => $onPrice(static fn (int $price) => Model\Price::update($price, ['PRICE' => 100])),
            'PriceTable::update' => $onPrice(static fn (int $price) => PriceTable::update($price, ['PRICE' => 130])),
            'direct SQL UPDATE b_catalog_price' => $onPrice(static fn (int $price) => Application::getConnection()->queryExecute("UPDATE b_catalog_price SET PRICE = 1 WHERE ID = $price")),
            'CPrice::Add with EXTRA_ID (wholesale = base +10%)' => $onPrice(static fn (int $price, int $id, Shop $shop) => \CPrice::Add(['PRODUCT_ID' => $id, 'CATALOG_GROUP_ID' => $shop->wholesale, 'EXTRA_ID' => 1, 'PRICE' => 121, 'CURRENCY' => 'RUB'])),
            'Model\Price::update BASE with ["actions"=>["RECOUNT_PRICES"=>true]] (recount of extra prices)' => $withExtra(static fn (int $base) => Model\Price::update($base, ['fields' => ['PRICE' => 150], 'actions' => ['RECOUNT_PRICES' => true]])),
            'CPrice::Update BASE, boolRecount=true' => $withExtra(static fn (int $base, int $extra, int $id) => \CPrice::Update($base, $fields($id, 160), true)),
            'CExtra::Update PERCENTAGE, RECALCULATE=Y' => $withExtra(static fn (int $base, int $extra) => \CExtra::Update($extra, ['PERCENTAGE' => 20, 'RECALCULATE' => 'Y'])),
            'Model\Price::add with quantity range 1..9' => $onProduct(static fn (int $id) => Model\Price::add($fields($id) + ['QUANTITY_FROM' => 1, 'QUANTITY_TO' => 9])),
            'Model\Price::update non-existing' => self::inShop(static fn () => static fn () => Model\Price::update(999999, ['PRICE' => 1])),
            'Model\Price::add bad group' => $onProduct(static fn (int $id) => Model\Price::add(['CATALOG_GROUP_ID' => 777] + $fields($id))),
            'Model\Price::add on offer (parent SKU gets min price)' => $onOffer(false, static fn (int $price, int $id) => Model\Price::add($fields($id, 300))),
            'Model\Price::update on offer' => $onOffer(true, static fn (int $price) => Model\Price::update($price, ['PRICE' => 290])),
            'CPrice::Update on offer' => $onOffer(true, static fn (int $price, int $id) => \CPrice::Update($price, $fields($id, 280))),
            'Model\Price::delete on offer' => $onOffer(true, static fn (int $price) => Model\Price::delete($price)),
            'CPrice::Delete' => $onPrice(static fn (int $price) => \CPrice::Delete($price)),
            'Model\Price::delete' => $onPrice(static fn (int $price) => Model\Price::delete($price)),
            'PriceTable::delete' => $onPrice(static fn (int $price) => PriceTable::delete($price)),
            'CPrice::DeleteByProduct' => $onPrice(static fn (int $price, int $id) => \CPrice::DeleteByProduct($id)),
            'PriceTable::deleteByProduct' => $onPrice(static fn (int $price, int $id) => PriceTable::deleteByProduct($id)),
            'CCurrencyRates::Add' => self::inShop(static fn () => static fn () => \CCurrencyRates::Add(['CURRENCY' => 'USD', 'DATE_RATE' => date('d.m.Y'), 'RATE_CNT' => 1, 'RATE' => 99])),
            'CCurrency::Update AMOUNT' => self::inShop(static fn () => static fn () => \CCurrency::Update('USD', ['AMOUNT' => 95, 'AMOUNT_CNT' => 1, 'SORT' => 200])),
            'CCatalogGroup::Update' => self::inShop(static fn (Shop $shop) => static fn () => \CCatalogGroup::Update($shop->wholesale, $group)),
            'CCatalogGroup::Add' => self::inShop(static fn () => static fn () => \CCatalogGroup::Add(['NAME' => 'X', 'BASE' => 'N', 'SORT' => 300, 'USER_GROUP' => [1], 'USER_GROUP_BUY' => [1], 'USER_LANG' => ['ru' => 'X']])),
            'CCatalogGroup::Delete (has prices)' => self::inShop(static fn (Shop $shop) => static fn () => \CCatalogGroup::Delete($shop->wholesale)),
        ];
    }

    private static function stock(): array
    {
        $onRow = static fn (\Closure $act): \Closure => self::inShop(static function (Shop $shop) use ($act): \Closure {
            $id = $shop->product('P1');
            $row = (int)$shop->stock($id, $shop->firstStore, 5);
            return static fn () => $act($row, $id, $shop);
        });
        $document = static fn (Shop $shop, int $id, string $type, array $line): int => (int)\CCatalogDocs::add(['DOC_TYPE' => $type, 'SITE_ID' => 's1', 'CONTRACTOR_ID' => null,
            'RESPONSIBLE_ID' => 1, 'CREATED_BY' => 1, 'CURRENCY' => 'RUB', 'TOTAL' => 0, 'TITLE' => "doc $type", 'STATUS' => 'N', 'ELEMENT' => [['ELEMENT_ID' => $id] + $line]]);
        $onDocument = static fn (string $type, \Closure $line, ?\Closure $act = null): \Closure => self::inShop(static function (Shop $shop) use ($type, $line, $act, $document): \Closure {
            $id = $shop->product('P1');
            $shop->stock($id, $shop->firstStore, 12);
            $number = $document($shop, $id, $type, $line($shop));
            if ($act === null) {
                return static fn () => \CCatalogDocs::conductDocument($number, 1);
            }
            \CCatalogDocs::conductDocument($number, 1);
            return static fn () => $act($number);
        });
        $from = static fn (Shop $shop): array => ['STORE_FROM' => $shop->firstStore, 'AMOUNT' => 1];
        return [
            'CCatalogStoreProduct::Add' => self::inShop(static function (Shop $shop): \Closure {
                $id = $shop->product('P1');
                return static fn () => \CCatalogStoreProduct::Add(['PRODUCT_ID' => $id, 'STORE_ID' => $shop->firstStore, 'AMOUNT' => 5]);
            }),
            'CCatalogStoreProduct::Update' => $onRow(static fn (int $row, int $id, Shop $shop) => \CCatalogStoreProduct::Update($row, ['PRODUCT_ID' => $id, 'STORE_ID' => $shop->firstStore, 'AMOUNT' => 7])),
            'CCatalogStoreProduct::Update same amount (no change)' => $onRow(static fn (int $row, int $id, Shop $shop) => \CCatalogStoreProduct::Update($row, ['PRODUCT_ID' => $id, 'STORE_ID' => $shop->firstStore, 'AMOUNT' => 5])),
            'CCatalogStoreProduct::UpdateFromForm (new row)' => $onRow(static fn (int $row, int $id, Shop $shop) => $shop->stock($id, $shop->secondStore, 2)),
            'CCatalogStoreProduct::UpdateFromForm (existing row)' => $onRow(static fn (int $row, int $id, Shop $shop) => $shop->stock($id, $shop->firstStore, 3)),
            'CCatalogStoreProduct::addToBalanceOfStore' => $onRow(static fn (int $row, int $id, Shop $shop) => \CCatalogStoreProduct::addToBalanceOfStore($shop->firstStore, $id, 3)),
            'CCatalogStoreProduct::Delete' => $onRow(static fn (int $row) => \CCatalogStoreProduct::Delete($row)),
            '\Bitrix\Catalog\StoreProductTable::add' => $onRow(static fn (int $row, int $id, Shop $shop) => StoreProductTable::add(['PRODUCT_ID' => $id, 'STORE_ID' => $shop->secondStore, 'AMOUNT' => 5])),
            'StoreProductTable::update' => $onRow(static fn (int $row) => StoreProductTable::update($row, ['AMOUNT' => 6])),
            'StoreProductTable::update QUANTITY_RESERVED' => $onRow(static fn (int $row) => StoreProductTable::update($row, ['QUANTITY_RESERVED' => 1])),
            'StoreProductTable::delete' => $onRow(static fn (int $row) => StoreProductTable::delete($row)),
            'direct SQL UPDATE b_catalog_store_product' => $onRow(static fn (int $row) => Application::getConnection()->queryExecute("UPDATE b_catalog_store_product SET AMOUNT = 1 WHERE ID = $row")),
            'CCatalogStore::Update TITLE' => self::inShop(static fn (Shop $shop) => static fn () => \CCatalogStore::Update($shop->secondStore, ['TITLE' => 'Second store x', 'ADDRESS' => 'a2'])),
            'StoreTable::update ACTIVE=N' => self::inShop(static fn (Shop $shop) => static fn () => StoreTable::update($shop->secondStore, ['ACTIVE' => 'N'])),
            'CCatalogStore::Add' => self::inShop(static fn () => static fn () => \CCatalogStore::Add(['TITLE' => 'Third', 'ADDRESS' => 'a3', 'ACTIVE' => 'Y', 'SITE_ID' => 's1'])),
            'CCatalogStore::Delete (has stock rows)' => $onRow(static fn (int $row, int $id, Shop $shop) => \CCatalogStore::Delete($shop->firstStore)),
            'CCatalogDocs::add (draft, type S = store adjustment)' => self::inShop(static function (Shop $shop) use ($document): \Closure {
                $id = $shop->product('P1');
                return static fn () => $document($shop, $id, 'S', ['STORE_TO' => $shop->firstStore, 'AMOUNT' => 3, 'PURCHASING_PRICE' => 10]);
            }),
            'CCatalogDocs::conductDocument (S store adjustment, +3 on store 1)' => $onDocument('S', static fn (Shop $shop) => ['STORE_TO' => $shop->firstStore, 'AMOUNT' => 3, 'PURCHASING_PRICE' => 10]),
            'CCatalogDocs::conductDocument (A arrival, +4, BASE_PRICE=111)' => $onDocument('A', static fn (Shop $shop) => ['STORE_TO' => $shop->firstStore, 'AMOUNT' => 4, 'PURCHASING_PRICE' => 10, 'BASE_PRICE' => 111]),
            'CCatalogDocs::conductDocument (M moving, 2 from store 1 to 2)' => $onDocument('M', static fn (Shop $shop) => ['STORE_FROM' => $shop->firstStore, 'STORE_TO' => $shop->secondStore, 'AMOUNT' => 2]),
            'CCatalogDocs::conductDocument (D deduct, 1)' => $onDocument('D', $from),
            'CCatalogDocs::cancellationDocument (D)' => $onDocument('D', $from, static fn (int $number) => \CCatalogDocs::cancellationDocument($number, 1)),
            'CCatalogDocs::delete (cancelled)' => $onDocument('D', $from, static fn (int $number) => \CCatalogDocs::delete($number)),
            'CCatalogDocs::conductDocument (D deduct more than stock)' => $onDocument('D', static fn (Shop $shop) => ['AMOUNT' => 999] + $from($shop)),
            'CCatalogDocs::synchronizeStockQuantity (no rows yet)' => self::inShop(static fn (Shop $shop) => static fn () => \CCatalogDocs::synchronizeStockQuantity($shop->firstStore)),
            'CCatalogStoreBarCode::Add' => $onRow(static fn (int $row, int $id) => \CCatalogStoreBarCode::add(['PRODUCT_ID' => $id, 'BARCODE' => '4600000000017', 'CREATED_BY' => 1, 'MODIFIED_BY' => 1, 'STORE_ID' => 0])),
        ];
    }

    /** An order of two lines, a shipment and a payment; not yet saved. */
    private static function order(int $first, int $second): Order
    {
        $order = Order::create('s1', 1, 'RUB');
        $order->setPersonTypeId(1);
        $basket = Basket::create('s1');
        foreach ([$first => 2, $second => 1] as $id => $quantity) {
            $basket->createItem('catalog', $id)->setFields(['QUANTITY' => $quantity, 'CURRENCY' => 'RUB', 'LID' => 's1', 'PRODUCT_PROVIDER_CLASS' => '\Bitrix\Catalog\Product\CatalogProvider']);
        }
        $order->setBasket($basket);
        $shipment = $order->getShipmentCollection()->createItem(Deliveries::getObjectById(2));
        $shipment->setFields(['CUSTOM_PRICE_DELIVERY' => 'Y', 'BASE_PRICE_DELIVERY' => 100.0]);
        foreach ($basket as $item) {
            $shipment->getShipmentItemCollection()->createItem($item)->setQuantity($item->getQuantity());
        }
        $order->getPaymentCollection()->createItem(PaySystems::getObjectById(2))->setField('SUM', $order->getPrice());
        return $order;
    }

    private static function sale(): array
    {
        $new = static fn (string $control): \Closure => static function () use ($control): \Closure {
            Application::getConnection()->queryExecute('DELETE FROM b_sale_order_props WHERE ID > 4');
            $shop = new Shop();
            $ids = [self::stocked($shop, 'A'), self::stocked($shop, 'B', 50)];
            $control === '' || Option::set('catalog', 'default_use_store_control', 'Y');
            return static function () use ($ids): \Closure {
                $order = self::order(...$ids);
                $order->doFinalAction(true);
                return static fn () => $order->save();
            };
        };
        $shipment = static fn (Order $order): \Bitrix\Sale\Shipment => $order->getShipmentCollection()->getNotSystemItems()[0];
        $pay = static fn (Order $order) => $order->getPaymentCollection()[0]->setPaid('Y');
        $deduct = static fn (Order $order) => $shipment($order)->setField('DEDUCTED', 'Y');
        $allow = static fn (Order $order) => $shipment($order)->allowDelivery();
        $cancel = static function (Order $order): void {
            $order->setField('CANCELED', 'Y');
            $order->setField('REASON_CANCELED', 'x');
        };
        /** An order that exists and went through the steps; what is looked at begins with its loading. */
        $on = static fn (\Closure $act, array $steps = [], string $control = ''): \Closure => static function () use ($act, $steps, $control): \Closure {
            Application::getConnection()->queryExecute('DELETE FROM b_sale_order_props WHERE ID > 4');
            $shop = new Shop();
            $ids = [self::stocked($shop, 'A'), self::stocked($shop, 'B', 50)];
            $control === '' || Option::set('catalog', 'default_use_store_control', 'Y');
            $id = self::order(...$ids)->save()->getId();
            foreach ($steps as $step) {
                $order = Order::load($id);
                $step($order);
                $order->save();
            }
            return static fn (): \Closure => static function () use ($act, $id): void {
                $order = Order::load($id);
                $act($order) !== false && $order->save();
            };
        };
        $withoutSecond = static fn (Order $order) => $order->getBasket()[1]->delete();
        return [
            'Sale\Order->save() (new order, 2 basket items)' => $new(''),
            'Sale\Order->save() (new order, 2 basket items) | store control' => $new('Y'),
            'Order->setField COMMENTS + save' => $on(static fn (Order $order) => $order->setField('COMMENTS', 'c')),
            'PropertyValue->setValue + order save' => $on(static fn (Order $order) => $order->getPropertyCollection()->getPhone()->setValue('+7')),
            'Order->setField STATUS_ID (F) + save' => $on(static fn (Order $order) => $order->setField('STATUS_ID', 'F')),
            'Order->setField STATUS_ID same value + save' => $on(static fn (Order $order) => $order->setField('STATUS_ID', 'N')),
            'Payment->setPaid(Y) + order save' => $on($pay),
            'Payment->setPaid(N) + order save' => $on(static fn (Order $order) => $order->getPaymentCollection()[0]->setPaid('N'), [$pay]),
            'Shipment->setField TRACKING_NUMBER + order save' => $on(static fn (Order $order) => $shipment($order)->setField('TRACKING_NUMBER', 'RB123456789CN')),
            'Shipment->setField STATUS_ID DF + order save' => $on(static fn (Order $order) => $shipment($order)->setField('STATUS_ID', 'DF')),
            'Shipment->allowDelivery() + order save' => $on($allow),
            'Shipment->disallowDelivery() + order save' => $on(static fn (Order $order) => $shipment($order)->disallowDelivery(), [$allow]),
            'Shipment->setField DEDUCTED=Y + order save (stock -)' => $on($deduct),
            'Shipment->setField DEDUCTED=Y + order save (stock -) | store control' => $on($deduct, [], 'Y'),
            'Shipment->setField DEDUCTED=N + order save (stock +)' => $on(static fn (Order $order) => $shipment($order)->setField('DEDUCTED', 'N'), [$deduct]),
            'Shipment->setField DEDUCTED=N + order save (stock +) | store control' => $on(static fn (Order $order) => $shipment($order)->setField('DEDUCTED', 'N'), [$deduct], 'Y'),
            'Order::load(id)' => $on(static fn () => false),
            'BasketItem->setField QUANTITY 2->3 + order save' => $on(static fn (Order $order) => $order->getBasket()[0]->setField('QUANTITY', 3), [$pay]),
            'BasketItem->delete + order save' => $on($withoutSecond),
            'Order->setField CANCELED=Y + REASON_CANCELED + save' => $on($cancel, [$withoutSecond]),
            'Order->setField CANCELED=Y + REASON_CANCELED + save | store control' => $on($cancel, [$withoutSecond], 'Y'),
            'Order->setField CANCELED=N + save' => $on(static fn (Order $order) => $order->setField('CANCELED', 'N'), [$withoutSecond, $cancel]),
            'Order::load + save() unchanged' => $on(static fn () => null, [$withoutSecond]),
            'Sale\Internals\OrderTable::update STATUS_ID' => $on(static fn (Order $order) => OrderTable::update($order->getId(), ['STATUS_ID' => 'F']) === null),
            'Sale\Internals\ShipmentTable::update TRACKING_NUMBER' => $on(static fn (Order $order) => ShipmentTable::update($shipment($order)->getId(), ['TRACKING_NUMBER' => 'X']) === null),
            'Sale\Order::delete' => $on(static fn (Order $order) => Order::delete($order->getId()) === null, [$withoutSecond]),
        ];
    }

    private static function stocked(Shop $shop, string $name, float $price = 100): int
    {
        $id = $shop->product($name, 10, $price);
        $shop->stock($id, $shop->firstStore, 10);
        return $id;
    }
}
