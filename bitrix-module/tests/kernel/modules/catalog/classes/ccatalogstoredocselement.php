<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Bitrix\Main\Application;

/** Lines of store documents. */
class CCatalogStoreDocsElement
{
    public static function add($arFields)
    {
        if (!OldEvent::allows('catalog', 'OnBeforeCatalogStoreDocsElementAdd', [&$arFields])) {
            return false;
        }
        if (isset($arFields['PURCHASING_PRICE'])) {
            $arFields['PURCHASING_PRICE'] = (string)$arFields['PURCHASING_PRICE'];
        }
        $id = (int)Application::getConnection()->add('b_catalog_docs_element', $arFields);
        OldEvent::tell('catalog', 'OnCatalogStoreDocsElementAdd', [$id, $arFields]);
        return $id;
    }

    public static function getList($arOrder = array(), $arFilter = array(), $arGroupBy = false, $arNavStartParams = false, $arSelectFields = array())
    {
        return (new OldList('b_catalog_docs_element'))->run($arOrder, $arFilter, $arGroupBy, $arNavStartParams, $arSelectFields);
    }
}
