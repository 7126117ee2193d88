<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Bitrix\Main\Application;

/** Infoblocks; one of version 2 keeps the values of its properties in two tables of its own. */
class CIBlock
{
    public $LAST_ERROR = '';
    private static $rows = [];

    public function Add($arFields)
    {
        $arFields += ['INDEX_ELEMENT' => 'Y', 'BIZPROC' => 'N', 'INDEX_SECTION' => 'N', 'FULLTEXT_INDEX' => 'N', 'SECTION_CHOOSER' => 'L', 'DESCRIPTION_TYPE' => 'text',
            'VERSION' => '1', 'RIGHTS_MODE' => 'S', '~TIMESTAMP_X' => 'NOW()'];
        if (!OldEvent::allows('iblock', 'OnBeforeIBlockAdd', [&$arFields])) {
            return false;
        }
        $connection = Application::getConnection();
        $arFields['VERSION'] = (int)($arFields['VERSION'] ?? 1) === 2 ? 2 : 1;
        $row = array_diff_key($arFields, ['LID' => 1, 'GROUP_ID' => 1, 'SITE_ID' => 1, 'FIELDS' => 1])
            + ['ACTIVE' => 'Y', 'SORT' => 500, 'TIMESTAMP_X' => new \Bitrix\Main\Type\DateTime(), 'LID' => ((array)($arFields['LID'] ?? $arFields['SITE_ID'] ?? 's1'))[0]];
        $id = (int)$connection->add('b_iblock', $row);
        foreach ((array)($arFields['LID'] ?? $arFields['SITE_ID'] ?? ['s1']) as $site) {
            $connection->add('b_iblock_site', ['IBLOCK_ID' => $id, 'SITE_ID' => $site]);
        }
        if ($arFields['VERSION'] === 2) {
            self::createOwnTables($id);
        }
        self::$rows = [];
        $arFields['ID'] = $id;
        $arFields['RESULT'] = &$id;
        OldEvent::tell('iblock', 'OnAfterIBlockAdd', [&$arFields]);
        return $id;
    }

    private static function createOwnTables(int $id): void
    {
        Application::getConnection()->queryExecute("CREATE TABLE b_iblock_element_prop_s$id (IBLOCK_ELEMENT_ID int not null, PRIMARY KEY (IBLOCK_ELEMENT_ID))");
        Application::getConnection()->queryExecute("CREATE TABLE b_iblock_element_prop_m$id (ID bigint not null auto_increment, IBLOCK_ELEMENT_ID int not null,"
            . ' IBLOCK_PROPERTY_ID int not null, VALUE text not null, VALUE_ENUM int, VALUE_NUM decimal(18,4), DESCRIPTION varchar(255), PRIMARY KEY (ID),'
            . " INDEX ix_iblock_elem_prop_m{$id}_1 (IBLOCK_ELEMENT_ID, IBLOCK_PROPERTY_ID))");
    }

    public function Update($ID, $arFields)
    {
        $ID = (int)$ID;
        $arFields['~TIMESTAMP_X'] = 'NOW()';
        $arFields['ID'] = $ID;
        if (!OldEvent::allows('iblock', 'OnBeforeIBlockUpdate', [&$arFields])) {
            return false;
        }
        $row = array_diff_key($arFields, ['ID' => 1, 'LID' => 1, 'GROUP_ID' => 1, '~TIMESTAMP_X' => 1, 'VERSION' => 1]);
        [$set] = Application::getConnection()->getSqlHelper()->prepareUpdate('b_iblock', $row);
        Application::getConnection()->queryExecute('UPDATE b_iblock SET TIMESTAMP_X = now()' . ($set === '' ? '' : ", $set") . " WHERE ID = $ID");
        self::$rows = [];
        $isUpdated = true;
        $arFields['RESULT'] = &$isUpdated;
        OldEvent::tell('iblock', 'OnAfterIBlockUpdate', [&$arFields]);
        return true;
    }

    public static function Delete($ID)
    {
        $ID = (int)$ID;
        if (!OldEvent::allows('iblock', 'OnBeforeIBlockDelete', [$ID])) {
            return false;
        }
        OldEvent::tell('iblock', 'OnIBlockDelete', [$ID]);
        $connection = Application::getConnection();
        foreach ($connection->query("SELECT ID FROM b_iblock_element WHERE IBLOCK_ID = $ID")->fetchAll() as $row) {
            CIBlockElement::Delete($row['ID']);
        }
        foreach (['b_iblock_property', 'b_iblock_section', 'b_iblock_site'] as $table) {
            $connection->queryExecute("DELETE FROM $table WHERE IBLOCK_ID = $ID");
        }
        $connection->queryExecute("DELETE FROM b_iblock WHERE ID = $ID");
        self::$rows = [];
        OldEvent::tell('iblock', 'OnAfterIBlockDelete', [$ID]);
        return true;
    }

    public static function GetList($arOrder = array("SORT" => "ASC"), $arFilter = array(), $bIncCnt = false)
    {
        $map = ['TYPE' => 'IBLOCK_TYPE_ID', 'EXTERNAL_ID' => 'XML_ID'];
        unset($arFilter['CHECK_PERMISSIONS'], $arFilter['MIN_PERMISSION']);
        $conditions = [];
        $site = $arFilter['SITE_ID'] ?? $arFilter['LID'] ?? null;
        if ($site !== null) {
            $quoted = "'" . implode("', '", array_map(Application::getConnection()->getSqlHelper()->forSql(...), (array)$site)) . "'";
            $conditions[] = "EXISTS (SELECT 1 FROM b_iblock_site S WHERE S.IBLOCK_ID = T.ID AND S.SITE_ID IN ($quoted))";
            unset($arFilter['SITE_ID'], $arFilter['LID']);
        }
        return (new OldList('b_iblock', $map))->run($arOrder, $arFilter, false, false, [], $conditions);
    }

    public static function GetByID($ID)
    {
        return self::GetList([], ['=ID' => (int)$ID]);
    }

    public static function GetArrayByID($ID, $FIELD = "")
    {
        $ID = (int)$ID;
        self::$rows[$ID] ??= self::GetByID($ID)->Fetch();
        $row = self::$rows[$ID];
        return $row === false ? false : ($FIELD === '' ? $row : $row[$FIELD] ?? null);
    }

    public static function GetProperties($ID, $arOrder = array(), $arFilter = array())
    {
        return CIBlockProperty::GetList($arOrder, ['IBLOCK_ID' => $ID] + $arFilter);
    }

    public static function GetPermission($IBLOCK_ID, $FOR_USER_ID = false)
    {
        return 'X';
    }

    public static function clearIblockTagCache($iblock_id)
    {
    }
}
