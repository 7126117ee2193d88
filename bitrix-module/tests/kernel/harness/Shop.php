<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Catalog\Model\Price;
use Bitrix\Catalog\Model\Product;
use Bitrix\Main\Loader;

/**
 * A small shop on the site: an infoblock of products, one of offers, two price types, two warehouses.
 *
 * Everything is made through the kernel's own API, so the events of the making are sent like any others.
 */
final class Shop
{
    public readonly int $products;
    public readonly int $offers;
    public readonly int $link;
    public readonly int $section;
    public readonly int $wholesale;
    public readonly int $firstStore;
    public readonly int $secondStore;
    /** @var array<string, int> ids of properties: of the products, and with `offer.` before the code of the offers */
    public array $properties = [];

    /** The base price type is of the kernel's installation. */
    public const BASE = 1;

    public function __construct(int $productsVersion = 1, int $offersVersion = 2)
    {
        foreach (['iblock', 'catalog', 'currency', 'sale'] as $module) {
            Loader::includeModule($module);
        }
        (new \CIBlockType())->Add(['ID' => 'catalog', 'LANG' => ['ru' => ['NAME' => 'Catalogue'], 'en' => ['NAME' => 'Catalogue']]]);
        $this->products = (int)(new \CIBlock())->Add(['IBLOCK_TYPE_ID' => 'catalog', 'NAME' => 'Products', 'CODE' => 'products', 'API_CODE' => 'products',
            'XML_ID' => 'products', 'VERSION' => $productsVersion, 'SITE_ID' => ['s1'], 'DETAIL_PAGE_URL' => '#SITE_DIR#/catalog/#ELEMENT_CODE#/',
            'LIST_PAGE_URL' => '#SITE_DIR#/catalog/']);
        $this->offers = (int)(new \CIBlock())->Add(['IBLOCK_TYPE_ID' => 'catalog', 'NAME' => 'Offers', 'CODE' => 'offers', 'API_CODE' => 'offers',
            'XML_ID' => 'products#', 'VERSION' => $offersVersion, 'SITE_ID' => ['s1']]);
        foreach (['ARTNUMBER' => 'S', 'WEIGHT_G' => 'N', 'TAGS' => 'S', 'COLOR' => 'L'] as $code => $type) {
            $this->properties[$code] = $this->property($this->products, $code, $type, ['MULTIPLE' => $code === 'TAGS' ? 'Y' : 'N']
                + ($code === 'COLOR' ? ['VALUES' => [['VALUE' => 'red', 'XML_ID' => 'red'], ['VALUE' => 'blue', 'XML_ID' => 'blue']]] : []));
        }
        $this->link = $this->property($this->offers, 'CML2_LINK', 'E', ['XML_ID' => 'CML2_LINK', 'LINK_IBLOCK_ID' => $this->products, 'USER_TYPE' => 'SKU']);
        $this->properties['offer.SIZE'] = $this->property($this->offers, 'SIZE', 'S');
        $this->properties['offer.ARTICLE'] = $this->property($this->offers, 'ARTICLE', 'S');
        \CCatalog::Add(['IBLOCK_ID' => $this->products]);
        \CCatalog::Add(['IBLOCK_ID' => $this->offers, 'PRODUCT_IBLOCK_ID' => $this->products, 'SKU_PROPERTY_ID' => $this->link]);
        $this->section = (int)(new \CIBlockSection())->Add(['IBLOCK_ID' => $this->products, 'NAME' => 'Section A', 'CODE' => 'a', 'XML_ID' => 'sa']);
        $this->wholesale = (int)\CCatalogGroup::Add(['NAME' => 'WHOLESALE', 'BASE' => 'N', 'SORT' => 200, 'XML_ID' => 'W']);
        $this->firstStore = (int)\CCatalogStore::Add(['TITLE' => 'Main store', 'ADDRESS' => 'a1', 'ACTIVE' => 'Y', 'XML_ID' => 's1', 'IS_DEFAULT' => 'Y']);
        $this->secondStore = (int)\CCatalogStore::Add(['TITLE' => 'Second store', 'ADDRESS' => 'a2', 'ACTIVE' => 'Y', 'XML_ID' => 's2']);
    }

    public function property(int $iblock, string $code, string $type = 'S', array $more = []): int
    {
        return (int)(new \CIBlockProperty())->Add($more + ['IBLOCK_ID' => $iblock, 'NAME' => $code, 'CODE' => $code, 'PROPERTY_TYPE' => $type,
            'XML_ID' => "P_$code", 'ACTIVE' => 'Y']);
    }

    /** A product without a row of the catalogue. */
    public function element(string $name, array $fields = [], array $properties = []): int
    {
        return $this->added(['IBLOCK_ID' => $this->products, 'NAME' => $name, 'CODE' => strtolower($name), 'XML_ID' => 'x-' . strtolower($name), 'ACTIVE' => 'Y']
            + ($properties === [] ? [] : ['PROPERTY_VALUES' => $properties]), $fields);
    }

    private function added(array $fields, array $more): int
    {
        $element = new \CIBlockElement();
        $id = $element->Add($more + $fields);
        return $id === false ? throw new \LogicException($element->LAST_ERROR) : (int)$id;
    }

    /** A simple product with stock and a base price. */
    public function product(string $name, float $quantity = 5, float $price = 100, array $fields = [], array $properties = []): int
    {
        $id = $this->element($name, $fields, $properties);
        Product::add(['ID' => $id, 'QUANTITY' => $quantity, 'QUANTITY_TRACE' => 'Y']);
        $this->price($id, $price);
        return $id;
    }

    public function offer(int $parent, string $name, float $quantity = 5, float $price = 100, array $properties = []): int
    {
        $id = $this->added(['IBLOCK_ID' => $this->offers, 'NAME' => $name, 'ACTIVE' => 'Y', 'XML_ID' => "x-$parent#" . strtolower($name),
            'PROPERTY_VALUES' => ['CML2_LINK' => $parent] + $properties], []);
        Product::add(['ID' => $id, 'QUANTITY' => $quantity, 'QUANTITY_TRACE' => 'Y']);
        $this->price($id, $price);
        return $id;
    }

    public function price(int $product, float $price, int $type = self::BASE, string $currency = 'RUB'): int
    {
        return (int)Price::add(['PRODUCT_ID' => $product, 'CATALOG_GROUP_ID' => $type, 'PRICE' => $price, 'CURRENCY' => $currency])->getId();
    }

    /** Stock in a warehouse, by the old layer. */
    public function stock(int $product, int $store, float $amount): int|bool
    {
        return \CCatalogStoreProduct::UpdateFromForm(['PRODUCT_ID' => $product, 'STORE_ID' => $store, 'AMOUNT' => $amount]);
    }

    public function quantity(int $product): float
    {
        return (float)\Bitrix\Catalog\ProductTable::getRowById($product)['QUANTITY'];
    }
}
