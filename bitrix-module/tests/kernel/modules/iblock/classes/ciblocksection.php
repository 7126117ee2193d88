<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Bitrix\Main\Application;

/** Sections as a nested set; `GLOBAL_ACTIVE` includes the parents. */
class CIBlockSection
{
    public $LAST_ERROR = '';

    public static function GetList($arOrder = array("SORT" => "ASC"), $arFilter = array(), $bIncCnt = false, $arSelect = array(), $arNavStartParams = false)
    {
        unset($arFilter['CHECK_PERMISSIONS'], $arFilter['MIN_PERMISSION']);
        $map = ['SECTION_ID' => 'IBLOCK_SECTION_ID', 'EXTERNAL_ID' => 'XML_ID'];
        $rows = (new OldList('b_iblock_section', $map))->run($arOrder, $arFilter, false, $arNavStartParams, array_filter($arSelect, static fn ($name): bool => !str_starts_with($name, 'UF_')));
        return new CIBlockResult($rows);
    }

    public static function GetByID($ID)
    {
        return self::GetList([], ['=ID' => (int)$ID]);
    }

    public static function GetNavChain($IBLOCK_ID, $SECTION_ID, $arSelect = array(), $arrayResult = false)
    {
        $section = self::GetByID($SECTION_ID)->Fetch();
        $chain = $section === false ? [] : self::GetList(['LEFT_MARGIN' => 'ASC'], ['IBLOCK_ID' => $section['IBLOCK_ID'],
            '<=LEFT_MARGIN' => $section['LEFT_MARGIN'], '>=RIGHT_MARGIN' => $section['RIGHT_MARGIN']], false, $arSelect)->arResult;
        return $arrayResult ? $chain : new CIBlockResult($chain);
    }

    public function Add($arFields, $bResort = true, $bUpdateSearch = true, $bResizePictures = false)
    {
        global $USER;
        $user = is_object($USER) ? (int)$USER->GetID() : false;
        $arFields['SEARCHABLE_CONTENT'] = self::searchable($arFields);
        $arFields += ['DESCRIPTION' => '', 'DESCRIPTION_TYPE' => 'text', 'CREATED_BY' => $user, 'MODIFIED_BY' => $user, '~DATE_CREATE' => 'now()'];
        if (!OldEvent::allows('iblock', 'OnBeforeIBlockSectionAdd', [&$arFields])) {
            return $this->refuse($arFields);
        }
        if ((string)($arFields['NAME'] ?? '') === '') {
            $this->LAST_ERROR = 'The section has no name.<br>';
            return $this->refuse($arFields);
        }
        $arFields += ['SORT' => 500];
        $row = $arFields + ['ACTIVE' => 'Y', 'GLOBAL_ACTIVE' => 'Y', 'TIMESTAMP_X' => new \Bitrix\Main\Type\DateTime(),
            'DATE_CREATE' => new \Bitrix\Main\Type\DateTime(), 'DESCRIPTION_TYPE' => 'text'];
        $row['IBLOCK_SECTION_ID'] = (int)($row['IBLOCK_SECTION_ID'] ?? 0) ?: null;
        $id = (int)Application::getConnection()->add('b_iblock_section', $row);
        self::ReSort((int)$arFields['IBLOCK_ID']);
        $arFields['ID'] = $id;
        $arFields['RESULT'] = &$id;
        OldEvent::tell('iblock', 'OnAfterIBlockSectionAdd', [&$arFields]);
        return $id;
    }

    private function refuse(array $fields): bool
    {
        $isDone = false;
        $fields['RESULT'] = &$isDone;
        $fields['RESULT_MESSAGE'] = &$this->LAST_ERROR;
        OldEvent::tell('iblock', 'OnAfterIBlockSectionAdd', [&$fields]);
        return false;
    }

    private static function searchable(array $fields): string
    {
        return mb_strtoupper(($fields['NAME'] ?? '') . "\r\n" . strip_tags((string)($fields['DESCRIPTION'] ?? '')));
    }

    public function Update($ID, $arFields, $bResort = true, $bUpdateSearch = true, $bResizePictures = false)
    {
        global $USER;
        $ID = (int)$ID;
        $old = self::GetByID($ID)->Fetch();
        if ($old === false) {
            return false;
        }
        $arFields['SEARCHABLE_CONTENT'] = self::searchable($arFields + $old);
        $arFields['MODIFIED_BY'] ??= is_object($USER) ? (int)$USER->GetID() : false;
        $arFields['ID'] = $ID;
        $arFields['IBLOCK_ID'] = $old['IBLOCK_ID'];
        if (!OldEvent::allows('iblock', 'OnBeforeIBlockSectionUpdate', [&$arFields])) {
            return false;
        }
        $row = array_diff_key($arFields, ['ID' => 1, 'IBLOCK_ID' => 1]);
        if (array_key_exists('IBLOCK_SECTION_ID', $row)) {
            $row['IBLOCK_SECTION_ID'] = (int)$row['IBLOCK_SECTION_ID'] ?: null;
        }
        [$set] = Application::getConnection()->getSqlHelper()->prepareUpdate('b_iblock_section', ['MODIFIED_BY' => $row['MODIFIED_BY'] ?: null] + $row);
        Application::getConnection()->queryExecute("UPDATE b_iblock_section SET TIMESTAMP_X = now(), $set WHERE ID = $ID");
        self::ReSort((int)$old['IBLOCK_ID']);
        $isUpdated = true;
        unset($arFields['IBLOCK_ID'], $arFields['ID']);
        $arFields['IBLOCK_ID'] = $old['IBLOCK_ID'];
        $arFields['ID'] = $ID;
        $arFields['RESULT'] = &$isUpdated;
        OldEvent::tell('iblock', 'OnAfterIBlockSectionUpdate', [&$arFields]);
        return true;
    }

    /** Elements that are in another section too are only bound anew; the others are deleted. */
    public static function Delete($ID, $bCheckPermissions = true)
    {
        $ID = (int)$ID;
        if (!OldEvent::allows('iblock', 'OnBeforeIBlockSectionDelete', [$ID])) {
            return false;
        }
        $row = self::GetByID($ID)->Fetch();
        if ($row === false) {
            return true;
        }
        $connection = Application::getConnection();
        foreach ($connection->query("SELECT ID FROM b_iblock_section WHERE IBLOCK_SECTION_ID = $ID")->fetchAll() as $child) {
            self::Delete($child['ID'], $bCheckPermissions);
        }
        $sql = "SELECT SE.IBLOCK_ELEMENT_ID AS ID, (SELECT COUNT(1) FROM b_iblock_section_element O WHERE O.IBLOCK_ELEMENT_ID = SE.IBLOCK_ELEMENT_ID"
            . " AND O.IBLOCK_SECTION_ID <> $ID) AS OTHERS FROM b_iblock_section_element SE WHERE SE.IBLOCK_SECTION_ID = $ID";
        foreach ($connection->query($sql)->fetchAll() as $element) {
            $element['OTHERS'] > 0 || CIBlockElement::Delete($element['ID']);
        }
        $connection->queryExecute("DELETE FROM b_iblock_section_element WHERE IBLOCK_SECTION_ID = $ID");
        $connection->queryExecute("UPDATE b_iblock_element SET IBLOCK_SECTION_ID = (SELECT MIN(SE.IBLOCK_SECTION_ID) FROM b_iblock_section_element SE"
            . " WHERE SE.IBLOCK_ELEMENT_ID = b_iblock_element.ID) WHERE IBLOCK_SECTION_ID = $ID");
        $result = new CDBResult($connection->query("DELETE FROM b_iblock_section WHERE ID = $ID"));
        self::ReSort((int)$row['IBLOCK_ID']);
        OldEvent::tell('iblock', 'OnAfterIBlockSectionDelete', [$row]);
        return $result;
    }

    /** Counts margins, depth and global activity anew. */
    public static function ReSort($IBLOCK_ID, $ID = 0, $cnt = 0, $depth = 0, $ACTIVE = "Y")
    {
        $connection = Application::getConnection();
        $parent = (int)$ID > 0 ? 'IBLOCK_SECTION_ID = ' . (int)$ID : 'IBLOCK_SECTION_ID IS NULL';
        $rows = $connection->query('SELECT ID, ACTIVE FROM b_iblock_section WHERE IBLOCK_ID = ' . (int)$IBLOCK_ID . " AND $parent ORDER BY SORT, NAME, ID")->fetchAll();
        foreach ($rows as $row) {
            $left = ++$cnt;
            $isActive = $ACTIVE === 'Y' && $row['ACTIVE'] === 'Y' ? 'Y' : 'N';
            $cnt = self::ReSort($IBLOCK_ID, $row['ID'], $cnt, $depth + 1, $isActive);
            $connection->queryExecute("UPDATE b_iblock_section SET LEFT_MARGIN = $left, RIGHT_MARGIN = " . ++$cnt . ', DEPTH_LEVEL = ' . ($depth + 1)
                . ", GLOBAL_ACTIVE = '$isActive' WHERE ID = {$row['ID']}");
        }
        return $cnt;
    }
}
