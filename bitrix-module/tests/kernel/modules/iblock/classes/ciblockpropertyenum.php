<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Bitrix\Main\Application;

/** Values of lists; no event tells of them. */
class CIBlockPropertyEnum
{
    public static function GetList($arOrder = array("SORT" => "ASC", "VALUE" => "ASC"), $arFilter = array())
    {
        $conditions = [];
        if (isset($arFilter['IBLOCK_ID'])) {
            $conditions[] = 'T.PROPERTY_ID IN (SELECT ID FROM b_iblock_property WHERE IBLOCK_ID IN (' . implode(', ', array_map('intval', (array)$arFilter['IBLOCK_ID'])) . '))';
            unset($arFilter['IBLOCK_ID']);
        }
        if (isset($arFilter['CODE'])) {
            $conditions[] = "T.PROPERTY_ID IN (SELECT ID FROM b_iblock_property WHERE CODE = '" . Application::getConnection()->getSqlHelper()->forSql($arFilter['CODE']) . "')";
            unset($arFilter['CODE']);
        }
        return (new OldList('b_iblock_property_enum', ['EXTERNAL_ID' => 'XML_ID']))->run($arOrder, $arFilter, false, false, [], $conditions);
    }

    public static function GetByID($ID)
    {
        return self::GetList([], ['=ID' => (int)$ID])->Fetch();
    }

    public static function Add($arFields)
    {
        if ((string)($arFields['VALUE'] ?? '') === '') {
            return false;
        }
        $xml = (string)($arFields['XML_ID'] ?? '') === '' ? md5(uniqid('', true)) : $arFields['XML_ID'];
        return (int)Application::getConnection()->add('b_iblock_property_enum', ['XML_ID' => $xml] + $arFields + ['DEF' => 'N', 'SORT' => 500]);
    }

    public static function Update($ID, $arFields)
    {
        [$set] = Application::getConnection()->getSqlHelper()->prepareUpdate('b_iblock_property_enum', array_diff_key($arFields, ['ID' => 1]));
        Application::getConnection()->queryExecute("UPDATE b_iblock_property_enum SET $set WHERE ID = " . (int)$ID);
        return true;
    }

    public static function Delete($ID)
    {
        Application::getConnection()->queryExecute('DELETE FROM b_iblock_property_enum WHERE ID = ' . (int)$ID);
        return true;
    }

    public static function DeleteByPropertyID($PROPERTY_ID, $bIgnoreError = false)
    {
        Application::getConnection()->queryExecute('DELETE FROM b_iblock_property_enum WHERE PROPERTY_ID = ' . (int)$PROPERTY_ID);
        return true;
    }
}
