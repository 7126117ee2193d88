<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Bitrix\Main\Application;

/** Barcodes. */
class CCatalogStoreBarCode
{
    public static function add($arFields)
    {
        if (!OldEvent::allows('catalog', 'OnBeforeCatalogStoreBarCodeAdd', [&$arFields])) {
            return false;
        }
        $arFields += ['~DATE_CREATE' => 'now()', '~DATE_MODIFY' => 'now()'];
        $id = (int)Application::getConnection()->add('b_catalog_store_barcode', $arFields);
        OldEvent::tell('catalog', 'OnCatalogStoreBarCodeAdd', [$id, $arFields]);
        return $id;
    }

    public static function getList($arOrder = array(), $arFilter = array(), $arGroupBy = false, $arNavStartParams = false, $arSelectFields = array())
    {
        return (new OldList('b_catalog_store_barcode'))->run($arOrder, $arFilter, $arGroupBy, $arNavStartParams, $arSelectFields);
    }
}
