<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Aligate\Aliexpress\Tests\FakeKernel\SkuMap;
use Bitrix\Main\Application;

/** Infoblocks that are catalogues. */
class CCatalog
{
    public static function GetList($arOrder = array(), $arFilter = array(), $arGroupBy = false, $arNavStartParams = false, $arSelectFields = array())
    {
        $aliases = ['ID' => 'IBLOCK_ID', 'NAME' => '(SELECT I.NAME FROM b_iblock I WHERE I.ID = T.IBLOCK_ID)'];
        return (new OldList('b_catalog_iblock', $aliases))->run($arOrder, $arFilter, $arGroupBy, $arNavStartParams, $arSelectFields);
    }

    public static function GetByID($ID)
    {
        return self::GetList([], ['=IBLOCK_ID' => (int)$ID])->Fetch();
    }

    public static function GetByIDExt($ID)
    {
        $row = self::GetByID($ID);
        if ($row === false) {
            return false;
        }
        $offers = SkuMap::offerIblockOf((int)$ID);
        return $row + ['OFFERS_IBLOCK_ID' => (string)($offers ?? 0), 'CATALOG' => 'Y',
            'CATALOG_TYPE' => (int)$row['PRODUCT_IBLOCK_ID'] > 0 ? 'O' : ($offers === null ? 'D' : 'X')];
    }

    public static function Add($arFields)
    {
        Application::getConnection()->add('b_catalog_iblock', $arFields + ['YANDEX_EXPORT' => 'N', 'SUBSCRIPTION' => 'N', 'PRODUCT_IBLOCK_ID' => 0, 'SKU_PROPERTY_ID' => 0]);
        return true;
    }

    public static function Update($ID, $arFields)
    {
        [$set] = Application::getConnection()->getSqlHelper()->prepareUpdate('b_catalog_iblock', array_diff_key($arFields, ['IBLOCK_ID' => 1]));
        Application::getConnection()->queryExecute("UPDATE b_catalog_iblock SET $set WHERE IBLOCK_ID = " . (int)$ID);
        return true;
    }

    public static function Delete($ID)
    {
        if (!OldEvent::allows('catalog', 'OnBeforeCatalogDelete', [$ID])) {
            return false;
        }
        OldEvent::tell('catalog', 'OnCatalogDelete', [$ID]);
        Application::getConnection()->queryExecute('DELETE FROM b_catalog_iblock WHERE IBLOCK_ID = ' . (int)$ID);
        return true;
    }

    /** Of a product with offers: asks for each of them, then deletes them, before the product itself goes. */
    public static function OnBeforeIBlockElementDelete($ID)
    {
        $offers = SkuMap::offersOf((int)$ID);
        foreach ($offers as $offer) {
            if (!OldEvent::allows('iblock', 'OnBeforeIBlockElementDelete', [(string)$offer])) {
                return false;
            }
        }
        foreach ($offers as $offer) {
            CIBlockElement::Delete($offer);
        }
        return true;
    }
}
