<?php

use Bitrix\Main\Application;

/** Types of infoblocks. */
class CIBlockType
{
    public $LAST_ERROR = '';

    public function Add($arFields)
    {
        Application::getConnection()->add('b_iblock_type', ['SECTIONS' => 'Y', 'IN_RSS' => 'N', 'SORT' => 500] + $arFields);
        foreach ($arFields['LANG'] ?? [] as $language => $names) {
            Application::getConnection()->add('b_iblock_type_lang', ['IBLOCK_TYPE_ID' => $arFields['ID'], 'LID' => $language] + $names);
        }
        return $arFields['ID'];
    }

    public static function GetList($arOrder = array("SORT" => "ASC"), $arFilter = array())
    {
        return (new \Aligate\Aliexpress\Tests\FakeKernel\OldList('b_iblock_type'))->run($arOrder, $arFilter, false, false, []);
    }

    public static function GetByID($ID)
    {
        return self::GetList([], ['=ID' => $ID]);
    }
}
