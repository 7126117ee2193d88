<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Bitrix\Main\Application;

/** Warehouses. */
class CCatalogStore
{
    public static function Add($arFields)
    {
        if (!OldEvent::allows('catalog', 'OnBeforeCatalogStoreAdd', [&$arFields])) {
            return false;
        }
        $user = \Aligate\Aliexpress\Tests\FakeKernel\OrderSaving::userId();
        $arFields += ['ACTIVE' => 'Y', 'IMAGE_ID' => false, 'LOCATION_ID' => false, 'ISSUING_CENTER' => 'N', 'SHIPPING_CENTER' => 'N', 'SITE_ID' => false, 'CODE' => false,
            'IS_DEFAULT' => 'N', 'USER_ID' => $user, 'MODIFIED_BY' => $user, '~DATE_CREATE' => 'now()', '~DATE_MODIFY' => 'now()'];
        $id = (int)Application::getConnection()->add('b_catalog_store', array_filter($arFields, static fn ($value): bool => $value !== false)
            + ['ACTIVE' => 'Y', 'ADDRESS' => '', 'SORT' => 100]);
        OldEvent::tell('catalog', 'OnCatalogStoreAdd', [$id, $arFields]);
        return $id;
    }

    public static function Update($id, $arFields)
    {
        $id = (int)$id;
        if (!OldEvent::allows('catalog', 'OnBeforeCatalogStoreUpdate', [$id, &$arFields])) {
            return false;
        }
        $arFields += ['~DATE_MODIFY' => 'now()', 'MODIFIED_BY' => 1];
        [$set] = Application::getConnection()->getSqlHelper()->prepareUpdate('b_catalog_store', array_diff_key($arFields, ['ID' => 1]));
        Application::getConnection()->queryExecute("UPDATE b_catalog_store SET $set WHERE ID = $id");
        OldEvent::tell('catalog', 'OnCatalogStoreUpdate', [$id, $arFields]);
        return $id;
    }

    /** The stock goes by SQL, before the event. */
    public static function Delete($id)
    {
        $id = (int)$id;
        if (!OldEvent::allows('catalog', 'OnBeforeCatalogStoreDelete', [$id])) {
            return false;
        }
        Application::getConnection()->queryExecute("DELETE FROM b_catalog_store_product WHERE STORE_ID = $id");
        Application::getConnection()->queryExecute("DELETE FROM b_catalog_store WHERE ID = $id");
        OldEvent::tell('catalog', 'OnCatalogStoreDelete', [$id]);
        return true;
    }

    public static function GetList($arOrder = array(), $arFilter = array(), $arGroupBy = false, $arNavStartParams = false, $arSelectFields = array())
    {
        return (new OldList('b_catalog_store'))->run($arOrder, $arFilter, $arGroupBy, $arNavStartParams, $arSelectFields);
    }

    /** The product rows follow the sum of the active warehouses. */
    public static function recalculateProductsBalances(array $productIds): void
    {
        foreach ($productIds as $id) {
            $sum = Application::getConnection()->queryScalar("SELECT SUM(S.AMOUNT) FROM b_catalog_store_product S INNER JOIN b_catalog_store W ON W.ID = S.STORE_ID AND W.ACTIVE = 'Y' WHERE S.PRODUCT_ID = " . (int)$id);
            \Bitrix\Catalog\Model\Product::update((int)$id, ['QUANTITY' => (float)$sum]);
        }
    }
}
