<?php

use Bitrix\Main\Application;

/** Sites: the table `b_lang`. */
class CSite
{
    public static function GetList($by = "sort", $order = "asc", $arFilter = [])
    {
        $helper = Application::getConnection()->getSqlHelper();
        $where = ['1 = 1'];
        foreach ($arFilter as $name => $value) {
            $column = $name === 'ID' ? 'LID' : $name;
            $where[] = $helper->quote($column) . " = '" . $helper->forSql($value) . "'";
        }
        return new CDBResult(Application::getConnection()->query('SELECT LID AS ID, l.* FROM b_lang l WHERE ' . implode(' AND ', $where) . ' ORDER BY SORT'));
    }

    public static function GetByID($ID)
    {
        return self::GetList('sort', 'asc', ['LID' => $ID]);
    }

    public static function GetDateFormat($type = "FULL", $lang = false, $bSearchInSitesOnly = false)
    {
        return $type === 'FULL' ? 'DD.MM.YYYY HH:MI:SS' : 'DD.MM.YYYY';
    }
}
