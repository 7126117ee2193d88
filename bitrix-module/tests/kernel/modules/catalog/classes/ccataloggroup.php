<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Bitrix\Main\Application;

/** Price types. */
class CCatalogGroup
{
    private const NOT_COLUMNS = ['ID' => 1, 'USER_GROUP' => 1, 'USER_GROUP_BUY' => 1, 'USER_LANG' => 1, '~TIMESTAMP_X' => 1, '~DATE_CREATE' => 1];

    public static function Add($arFields)
    {
        if (!OldEvent::allows('catalog', 'OnBeforeGroupAdd', [&$arFields])) {
            return false;
        }
        $arFields += ['~TIMESTAMP_X' => 'now()', 'MODIFIED_BY' => 1, '~DATE_CREATE' => 'now()', 'CREATED_BY' => 1];
        $id = (int)Application::getConnection()->add('b_catalog_group', array_diff_key($arFields, self::NOT_COLUMNS) + ['BASE' => 'N', 'SORT' => 100]);
        self::writeNames($id, $arFields);
        \Bitrix\Catalog\Model\Price::clearSettings();
        OldEvent::tell('catalog', 'OnGroupAdd', [$id, $arFields]);
        OldEvent::tell('catalog', 'OnGroupUpdate', [$id, $arFields]);
        return $id;
    }

    private static function writeNames(int $id, array $fields): void
    {
        foreach ($fields['USER_LANG'] ?? [] as $language => $name) {
            Application::getConnection()->queryExecute("DELETE FROM b_catalog_group_lang WHERE CATALOG_GROUP_ID = $id AND LANG = '" . Application::getConnection()->getSqlHelper()->forSql($language) . "'");
            Application::getConnection()->add('b_catalog_group_lang', ['CATALOG_GROUP_ID' => $id, 'LANG' => $language, 'NAME' => $name]);
        }
    }

    public static function Update($ID, $arFields)
    {
        $ID = (int)$ID;
        if (!OldEvent::allows('catalog', 'OnBeforeGroupUpdate', [$ID, &$arFields])) {
            return false;
        }
        $arFields += ['~TIMESTAMP_X' => 'now()', 'MODIFIED_BY' => 1];
        [$set] = Application::getConnection()->getSqlHelper()->prepareUpdate('b_catalog_group', array_diff_key($arFields, self::NOT_COLUMNS));
        Application::getConnection()->queryExecute("UPDATE b_catalog_group SET $set WHERE ID = $ID");
        self::writeNames($ID, $arFields);
        \Bitrix\Catalog\Model\Price::clearSettings();
        OldEvent::tell('catalog', 'OnGroupUpdate', [$ID, $arFields]);
        return true;
    }

    /** The prices go by SQL. */
    public static function Delete($ID)
    {
        $ID = (int)$ID;
        $row = self::GetList([], ['=ID' => $ID])->Fetch();
        if ($row === false || $row['BASE'] === 'Y' || !OldEvent::allows('catalog', 'OnBeforeGroupDelete', [$ID])) {
            return false;
        }
        OldEvent::tell('catalog', 'OnGroupDelete', [$ID]);
        Application::getConnection()->queryExecute("DELETE FROM b_catalog_price WHERE CATALOG_GROUP_ID = $ID");
        Application::getConnection()->queryExecute("DELETE FROM b_catalog_group_lang WHERE CATALOG_GROUP_ID = $ID");
        \Bitrix\Catalog\Model\Price::clearSettings();
        return new CDBResult(Application::getConnection()->query("DELETE FROM b_catalog_group WHERE ID = $ID"));
    }

    public static function GetList($arOrder = array(), $arFilter = array(), $arGroupBy = false, $arNavStartParams = false, $arSelectFields = array())
    {
        $name = "(SELECT L.NAME FROM b_catalog_group_lang L WHERE L.CATALOG_GROUP_ID = T.ID AND L.LANG = '" . LANGUAGE_ID . "')";
        return (new OldList('b_catalog_group', ['NAME_LANG' => $name]))->run($arOrder, $arFilter, $arGroupBy, $arNavStartParams, $arSelectFields);
    }

    public static function GetBaseGroup()
    {
        return self::GetList([], ['=BASE' => 'Y'])->Fetch();
    }
}
