<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Bitrix\Main\Application;

/** Extra charges on the base price. */
class CExtra
{
    public static function Add($arFields)
    {
        return (int)Application::getConnection()->add('b_catalog_extra', $arFields);
    }

    public static function Update($ID, $arFields)
    {
        [$set] = Application::getConnection()->getSqlHelper()->prepareUpdate('b_catalog_extra', array_diff_key($arFields, ['ID' => 1, 'RECALCULATE' => 1]));
        Application::getConnection()->queryExecute("UPDATE b_catalog_extra SET $set WHERE ID = " . (int)$ID);
        if (($arFields['RECALCULATE'] ?? 'N') === 'Y') {
            CPrice::ReCalculate('EXTRA', $ID, $arFields['PERCENTAGE']);
        }
        return true;
    }

    public static function Delete($ID)
    {
        Application::getConnection()->queryExecute('UPDATE b_catalog_price SET EXTRA_ID = NULL WHERE EXTRA_ID = ' . (int)$ID);
        Application::getConnection()->queryExecute('DELETE FROM b_catalog_extra WHERE ID = ' . (int)$ID);
        return true;
    }

    public static function GetList($arOrder = array(), $arFilter = array(), $arGroupBy = false, $arNavStartParams = false, $arSelectFields = array())
    {
        return (new OldList('b_catalog_extra'))->run($arOrder, $arFilter, $arGroupBy, $arNavStartParams, $arSelectFields);
    }
}
