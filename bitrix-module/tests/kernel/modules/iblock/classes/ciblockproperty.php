<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Bitrix\Main\Application;

/** Properties of infoblocks. */
class CIBlockProperty
{
    public $LAST_ERROR = '';

    public static function GetList($arOrder = array(), $arFilter = array())
    {
        $conditions = [];
        if (isset($arFilter['IBLOCK_CODE'])) {
            $conditions[] = "T.IBLOCK_ID IN (SELECT ID FROM b_iblock WHERE CODE = '" . Application::getConnection()->getSqlHelper()->forSql($arFilter['IBLOCK_CODE']) . "')";
            unset($arFilter['IBLOCK_CODE']);
        }
        unset($arFilter['CHECK_PERMISSIONS']);
        return (new OldList('b_iblock_property', ['EXTERNAL_ID' => 'XML_ID']))->run($arOrder, $arFilter, false, false, [], $conditions);
    }

    public static function GetByID($ID, $IBLOCK_ID = false, $IBLOCK_CODE = false)
    {
        $filter = is_numeric($ID) ? ['=ID' => $ID] : ['=CODE' => $ID];
        return self::GetList([], $filter + ($IBLOCK_ID === false ? [] : ['=IBLOCK_ID' => $IBLOCK_ID]));
    }

    public static function GetPropertyEnum($PROP_ID, $arOrder = array("SORT" => "asc"), $arFilter = array())
    {
        return CIBlockPropertyEnum::GetList($arOrder, ['PROPERTY_ID' => $PROP_ID] + $arFilter);
    }

    public function Add($arFields)
    {
        $arFields += ['SEARCHABLE' => 'N', 'FILTRABLE' => 'N', 'IS_REQUIRED' => 'N'];
        if (!OldEvent::allows('iblock', 'OnBeforeIBlockPropertyAdd', [&$arFields])) {
            return false;
        }
        $version = (int)CIBlock::GetArrayByID($arFields['IBLOCK_ID'], 'VERSION');
        $arFields['VERSION'] = $version;
        $settings = $arFields['USER_TYPE_SETTINGS'] ?? false;
        $arFields['USER_TYPE_SETTINGS'] = is_array($settings) ? serialize($settings) : $settings;
        $arFields['~TIMESTAMP_X'] = 'NOW()';
        $row = array_diff_key($arFields, ['VALUES' => 1, '~TIMESTAMP_X' => 1]) + ['ACTIVE' => 'Y', 'SORT' => 500, 'PROPERTY_TYPE' => 'S', 'MULTIPLE' => 'N'];
        $row['USER_TYPE_SETTINGS'] = $row['USER_TYPE_SETTINGS'] ?: null;
        $id = (int)Application::getConnection()->add('b_iblock_property', $row + ['TIMESTAMP_X' => new \Bitrix\Main\Type\DateTime()]);
        if ($version === 2 && $row['MULTIPLE'] !== 'Y') {
            $type = match ($row['PROPERTY_TYPE']) {
                'N' => 'decimal(18,4)',
                'L', 'E', 'G', 'F' => 'int',
                default => 'text',
            };
            Application::getConnection()->queryExecute("ALTER TABLE b_iblock_element_prop_s{$arFields['IBLOCK_ID']} ADD PROPERTY_$id $type");
        }
        isset($arFields['VALUES']) && $this->UpdateEnum($id, $arFields['VALUES']);
        $arFields['ID'] = $id;
        $arFields['RESULT'] = &$id;
        OldEvent::tell('iblock', 'OnAfterIBlockPropertyAdd', [&$arFields]);
        return $id;
    }

    public function Update($ID, $arFields, $bCheckDescription = false)
    {
        $ID = (int)$ID;
        $arFields['ID'] = $ID;
        if (!OldEvent::allows('iblock', 'OnBeforeIBlockPropertyUpdate', [&$arFields])) {
            return false;
        }
        $settings = $arFields['USER_TYPE_SETTINGS'] ?? null;
        $row = array_diff_key($arFields, ['ID' => 1, 'VALUES' => 1, 'IBLOCK_ID' => 1, 'MULTIPLE' => 1])
            + ['TIMESTAMP_X' => new \Bitrix\Main\Type\DateTime()];
        is_array($settings) && $row['USER_TYPE_SETTINGS'] = serialize($settings);
        [$set] = Application::getConnection()->getSqlHelper()->prepareUpdate('b_iblock_property', $row);
        Application::getConnection()->queryExecute("UPDATE b_iblock_property SET $set WHERE ID = $ID");
        isset($arFields['VALUES']) && $this->UpdateEnum($ID, $arFields['VALUES']);
        $arFields['~TIMESTAMP_X'] = 'NOW()';
        $isUpdated = true;
        $arFields['RESULT'] = &$isUpdated;
        OldEvent::tell('iblock', 'OnAfterIBlockPropertyUpdate', [&$arFields]);
        return true;
    }

    public function UpdateEnum($ID, $arVALUES, $bForceDelete = true)
    {
        foreach ($arVALUES as $value) {
            CIBlockPropertyEnum::Add(['PROPERTY_ID' => $ID] + (is_array($value) ? $value : ['VALUE' => $value]));
        }
        return true;
    }

    public static function Delete($ID)
    {
        $ID = (int)$ID;
        if (!OldEvent::allows('iblock', 'OnBeforeIBlockPropertyDelete', [$ID])) {
            return false;
        }
        $row = \Bitrix\Iblock\PropertyTable::getRowById($ID);
        OldEvent::tell('iblock', 'OnIBlockPropertyDelete', [$ID]);
        $connection = Application::getConnection();
        CIBlockPropertyEnum::DeleteByPropertyID($ID, true);
        $connection->queryExecute("DELETE FROM b_iblock_element_property WHERE IBLOCK_PROPERTY_ID = $ID");
        $result = new CDBResult($connection->query("DELETE FROM b_iblock_property WHERE ID = $ID"));
        $row !== null && OldEvent::tell('iblock', 'OnAfterIBlockPropertyDelete', [$row]);
        return $result;
    }
}
