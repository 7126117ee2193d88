<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Bitrix\Main\Application;

/** Stock in warehouses, by SQL of its own: the table's events know nothing of it. */
class CCatalogStoreProduct
{
    public static function Add($arFields)
    {
        if (!OldEvent::allows('catalog', 'OnBeforeStoreProductAdd', [&$arFields])) {
            return false;
        }
        if ((int)($arFields['PRODUCT_ID'] ?? 0) <= 0 || (int)($arFields['STORE_ID'] ?? 0) <= 0) {
            return false;
        }
        $id = (int)Application::getConnection()->add('b_catalog_store_product', $arFields);
        OldEvent::tell('catalog', 'OnStoreProductAdd', [$id, $arFields]);
        return $id;
    }

    public static function Update($id, $arFields)
    {
        $id = (int)$id;
        if (!OldEvent::allows('catalog', 'OnBeforeStoreProductUpdate', [$id, &$arFields])) {
            return false;
        }
        [$set] = Application::getConnection()->getSqlHelper()->prepareUpdate('b_catalog_store_product', array_diff_key($arFields, ['ID' => 1]));
        Application::getConnection()->queryExecute("UPDATE b_catalog_store_product SET $set WHERE ID = $id");
        OldEvent::tell('catalog', 'OnStoreProductUpdate', [$id, $arFields]);
        return true;
    }

    public static function UpdateFromForm($arFields)
    {
        $id = self::find((int)$arFields['PRODUCT_ID'], (int)$arFields['STORE_ID']);
        return $id === null ? self::Add($arFields) : self::Update($id, $arFields);
    }

    private static function find(int $product, int $store): ?int
    {
        $id = Application::getConnection()->queryScalar("SELECT ID FROM b_catalog_store_product WHERE PRODUCT_ID = $product AND STORE_ID = $store");
        return $id === null ? null : (int)$id;
    }

    public static function addToBalanceOfStore($storeId, $productId, $amount)
    {
        $id = self::find((int)$productId, (int)$storeId);
        $now = $id === null ? 0.0 : (float)Application::getConnection()->queryScalar("SELECT AMOUNT FROM b_catalog_store_product WHERE ID = $id");
        $fields = ['AMOUNT' => $now + (float)$amount, 'PRODUCT_ID' => (int)$productId, 'STORE_ID' => (int)$storeId];
        return $id === null ? self::Add($fields) : self::Update($id, $fields);
    }

    public static function Delete($id)
    {
        $id = (int)$id;
        if (!OldEvent::allows('catalog', 'OnBeforeStoreProductDelete', [$id])) {
            return false;
        }
        Application::getConnection()->queryExecute("DELETE FROM b_catalog_store_product WHERE ID = $id");
        OldEvent::tell('catalog', 'OnStoreProductDelete', [$id]);
        return true;
    }

    public static function GetList($arOrder = array(), $arFilter = array(), $arGroupBy = false, $arNavStartParams = false, $arSelectFields = array())
    {
        return (new OldList('b_catalog_store_product'))->run($arOrder, $arFilter, $arGroupBy, $arNavStartParams, $arSelectFields);
    }
}
