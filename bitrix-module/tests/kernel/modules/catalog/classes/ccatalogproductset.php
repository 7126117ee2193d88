<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Bitrix\Catalog\ProductTable;
use Bitrix\Main\Application;

/** Sets of products; what a set has follows from its items, and only events of sets tell of it. */
class CCatalogProductSet
{
    public const TYPE_SET = 1;
    public const TYPE_GROUP = 2;

    public static function add($arFields)
    {
        if (!OldEvent::allows('catalog', 'OnBeforeProductSetAdd', [&$arFields])) {
            return false;
        }
        $owner = (int)$arFields['ITEM_ID'];
        $row = ['TYPE' => $arFields['TYPE'], 'SET_ID' => 0, 'ACTIVE' => $arFields['ACTIVE'] ?? 'Y', 'OWNER_ID' => $owner, 'ITEM_ID' => $owner, 'SORT' => 100];
        $id = (int)Application::getConnection()->add('b_catalog_product_sets', $row);
        foreach ($arFields['ITEMS'] as $item) {
            Application::getConnection()->add('b_catalog_product_sets', ['SET_ID' => $id, 'OWNER_ID' => $owner, 'TYPE' => $arFields['TYPE'], 'ACTIVE' => 'Y', 'SORT' => 100] + $item);
        }
        (int)$arFields['TYPE'] === self::TYPE_SET && self::recalculateSet($id, $owner);
        OldEvent::tell('catalog', 'OnProductSetAdd', [$id, $row + ['QUANTITY' => false, 'MEASURE' => false, 'DISCOUNT_PERCENT' => false, 'XML_ID' => false,
            'ITEMS' => $arFields['ITEMS'], '~DATE_CREATE' => 'now()', '~TIMESTAMP_X' => 'now()', 'CREATED_BY' => 1, 'MODIFIED_BY' => 1]]);
        return $id;
    }

    public static function recalculateSetsByProduct($product)
    {
        $sql = 'SELECT DISTINCT SET_ID, OWNER_ID FROM b_catalog_product_sets WHERE TYPE = ' . self::TYPE_SET . ' AND SET_ID > 0 AND ITEM_ID = ' . (int)$product;
        foreach (Application::getConnection()->query($sql)->fetchAll() as $row) {
            self::recalculateSet((int)$row['SET_ID'], (int)$row['OWNER_ID']);
        }
    }

    public static function recalculateSet($setID, $productID = 0)
    {
        $sql = 'SELECT S.QUANTITY AS NEEDED, P.QUANTITY, P.AVAILABLE, P.WEIGHT, P.QUANTITY_TRACE, P.CAN_BUY_ZERO FROM b_catalog_product_sets S'
            . ' INNER JOIN b_catalog_product P ON P.ID = S.ITEM_ID WHERE S.SET_ID = ' . (int)$setID;
        $items = Application::getConnection()->query($sql)->fetchAll();
        self::calculateSetParams((int)$productID, $items);
    }

    protected static function calculateSetParams($productID, $items)
    {
        $quantity = null;
        $weight = 0.0;
        $isAvailable = $items !== [];
        foreach ($items as $item) {
            $needed = max(1.0, (float)$item['NEEDED']);
            $whole = (int)floor((float)$item['QUANTITY'] / $needed);
            $quantity = $quantity === null ? $whole : min($quantity, $whole);
            $weight += (float)$item['WEIGHT'] * $needed;
            $isAvailable = $isAvailable && $item['AVAILABLE'] === 'Y';
        }
        $fields = ['WEIGHT' => $weight, 'QUANTITY' => (int)$quantity, 'QUANTITY_TRACE' => 'Y', 'CAN_BUY_ZERO' => 'N', 'MEASURE' => 5,
            'TYPE' => ProductTable::TYPE_SET, 'AVAILABLE' => $isAvailable && $quantity > 0 ? 'Y' : 'N', 'SUBSCRIBE' => 'Y'];
        OldEvent::tell('catalog', 'OnBeforeProductSetAvailableUpdate', [$productID, &$fields]);
        [$set] = Application::getConnection()->getSqlHelper()->prepareUpdate('b_catalog_product', $fields);
        Application::getConnection()->queryExecute("UPDATE b_catalog_product SET $set WHERE ID = " . (int)$productID);
        \Bitrix\Catalog\Model\Product::clearCacheItem($productID);
        OldEvent::tell('catalog', 'OnProductSetAvailableUpdate', [$productID, $fields]);
    }
}
