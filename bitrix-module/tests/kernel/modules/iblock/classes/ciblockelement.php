<?php

use Aligate\Aliexpress\Tests\FakeKernel\ElementProperties;
use Aligate\Aliexpress\Tests\FakeKernel\ElementQuery;
use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Bitrix\Main\Application;

/** Elements of infoblocks: what the shop calls products and offers. */
class CIBlockElement
{
    public $LAST_ERROR = '';

    private const NOT_COLUMNS = ['ID' => 1, 'PROPERTY_VALUES' => 1, 'IBLOCK_SECTION' => 1, 'WF' => 1, 'WF_NEW' => 1, 'RESULT' => 1, 'RESULT_MESSAGE' => 1,
        '~DATE_CREATE' => 1, '~TIMESTAMP_X' => 1, 'TIMESTAMP_X' => 1];

    public function Add($arFields, $bWorkFlow = false, $bUpdateSearch = true, $bResizePictures = false)
    {
        global $USER;
        self::prepareSections($arFields);
        $arFields['SEARCHABLE_CONTENT'] = self::searchable($arFields);
        if (!$this->check($arFields, 'Add')) {
            return $this->refuse($arFields, 'OnAfterIBlockElementAdd');
        }
        $user = is_object($USER) ? (int)$USER->GetID() : 0;
        $arFields += ['CREATED_BY' => $user, 'MODIFIED_BY' => $user, '~DATE_CREATE' => 'now()', '~TIMESTAMP_X' => 'now()'];
        OldEvent::tell('iblock', 'OnIBlockElementAdd', [$arFields]);
        $row = self::columns($arFields);
        $now = new \Bitrix\Main\Type\DateTime();
        $id = (int)Application::getConnection()->add('b_iblock_element', $row + ['ACTIVE' => 'Y', 'SORT' => 500, 'DATE_CREATE' => $now, 'TIMESTAMP_X' => $now,
            'PREVIEW_TEXT_TYPE' => 'text', 'DETAIL_TEXT_TYPE' => 'text', 'WF_STATUS_ID' => 1, 'IN_SECTIONS' => 'N']);
        if ((string)($row['XML_ID'] ?? '') === '') {
            Application::getConnection()->queryExecute("UPDATE b_iblock_element SET XML_ID = '$id' WHERE ID = $id");
        }
        if (isset($arFields['IBLOCK_SECTION'])) {
            self::bindSections($id, (array)$arFields['IBLOCK_SECTION'], (int)($arFields['IBLOCK_SECTION_ID'] ?? 0));
        }
        if (is_array($arFields['PROPERTY_VALUES'] ?? null)) {
            self::SetPropertyValues($id, (int)$arFields['IBLOCK_ID'], $arFields['PROPERTY_VALUES']);
        }
        unset($arFields['IBLOCK_SECTION_ID']);
        $arFields['ID'] = $id;
        $arFields['RESULT'] = &$id;
        OldEvent::tell('iblock', 'OnAfterIBlockElementAdd', [&$arFields]);
        return $id;
    }

    private static function prepareSections(array &$fields): void
    {
        if (array_key_exists('IBLOCK_SECTION_ID', $fields) && !array_key_exists('IBLOCK_SECTION', $fields)) {
            $fields['IBLOCK_SECTION'] = [$fields['IBLOCK_SECTION_ID']];
        } elseif (array_key_exists('IBLOCK_SECTION', $fields) && !is_array($fields['IBLOCK_SECTION'])) {
            $fields['IBLOCK_SECTION'] = $fields['IBLOCK_SECTION'] ? [$fields['IBLOCK_SECTION']] : [];
        }
    }

    private static function searchable(array $fields): string
    {
        $parts = [$fields['NAME'] ?? ''];
        foreach (['PREVIEW_TEXT', 'DETAIL_TEXT'] as $name) {
            isset($fields[$name]) && $parts[] = strip_tags((string)$fields[$name]);
        }
        return mb_strtoupper(implode("\r\n", $parts));
    }

    /** The start event cannot refuse, the one after the kernel's own checks can. */
    private function check(array &$fields, string $operation): bool
    {
        $this->LAST_ERROR = '';
        OldEvent::allows('iblock', "OnStartIBlockElement$operation", [&$fields]);
        if (array_key_exists('NAME', $fields) || $operation === 'Add') {
            (string)($fields['NAME'] ?? '') === '' && $this->LAST_ERROR .= 'The name is empty.<br>';
        }
        if ($operation === 'Add' && CIBlock::GetArrayByID($fields['IBLOCK_ID'] ?? 0) === false) {
            $this->LAST_ERROR .= 'The infoblock does not exist.<br>';
        }
        if ($operation === 'Update') {
            $fields['IBLOCK_ID'] = (int)$fields['IBLOCK_ID'];
        }
        if (!OldEvent::allows('iblock', "OnBeforeIBlockElement$operation", [&$fields])) {
            global $APPLICATION;
            $reason = $APPLICATION->GetException();
            $this->LAST_ERROR .= ($reason ? $reason->GetString() : 'A handler refused.') . '<br>';
        }
        return $this->LAST_ERROR === '';
    }

    private function refuse(array $fields, string $event): bool
    {
        $isDone = false;
        $fields['RESULT_MESSAGE'] = &$this->LAST_ERROR;
        $fields['RESULT'] = &$isDone;
        OldEvent::tell('iblock', $event, [&$fields]);
        return false;
    }

    private static function columns(array $fields): array
    {
        $row = array_diff_key($fields, self::NOT_COLUMNS);
        foreach (['ACTIVE_FROM', 'ACTIVE_TO'] as $name) {
            if (array_key_exists($name, $row)) {
                $at = $row[$name] instanceof \Bitrix\Main\Type\Date ? $row[$name]->getTimestamp() : MakeTimeStamp((string)$row[$name]);
                $row[$name] = $at === false ? null : \Bitrix\Main\Type\DateTime::createFromTimestamp($at);
            }
        }
        foreach (['PREVIEW_PICTURE', 'DETAIL_PICTURE'] as $name) {
            if (is_array($row[$name] ?? null)) {
                $row[$name] = ($row[$name]['del'] ?? '') === 'Y' ? null : CFile::SaveFile($row[$name], 'iblock');
            }
        }
        if (array_key_exists('EXTERNAL_ID', $row)) {
            $row['XML_ID'] ??= $row['EXTERNAL_ID'];
        }
        if (array_key_exists('IBLOCK_SECTION_ID', $row)) {
            $row['IBLOCK_SECTION_ID'] = (int)$row['IBLOCK_SECTION_ID'] ?: null;
        } elseif (isset($fields['IBLOCK_SECTION'])) {
            $row['IBLOCK_SECTION_ID'] = (int)(((array)$fields['IBLOCK_SECTION'])[0] ?? 0) ?: null;
        }
        return $row;
    }

    public function Update($ID, $arFields, $bWorkFlow = false, $bUpdateSearch = true, $bResizePictures = false, $bCheckDiskQuota = true)
    {
        $ID = (int)$ID;
        $old = Application::getConnection()->query("SELECT *, XML_ID AS EXTERNAL_ID FROM b_iblock_element WHERE ID = $ID")->fetchRaw();
        if ($old === false) {
            $this->LAST_ERROR = 'The element does not exist.<br>';
            return false;
        }
        $arFields['WF'] = 'N';
        $arFields['WF_NEW'] = false;
        self::prepareSections($arFields);
        $sections = $arFields['IBLOCK_SECTION'] ?? null;
        unset($arFields['IBLOCK_SECTION']);
        $arFields['SEARCHABLE_CONTENT'] = self::searchable($arFields + $old);
        $sections === null || $arFields['IBLOCK_SECTION'] = $sections;
        unset($arFields['IBLOCK_ID'], $arFields['ID']);
        $arFields['IBLOCK_ID'] = $old['IBLOCK_ID'];
        $arFields['ID'] = $ID;
        if (!$this->check($arFields, 'Update')) {
            return $this->refuse($arFields, 'OnAfterIBlockElementUpdate');
        }
        OldEvent::tell('iblock', 'OnIBlockElementUpdate', [$arFields, self::toOldRow($old)]);
        $this->write($ID, $arFields);
        $isUpdated = true;
        $told = array_diff_key($arFields, ['WF_NEW' => 1, 'IBLOCK_SECTION_ID' => 1, 'ID' => 1, 'IBLOCK_ID' => 1])
            + ['ID' => $ID, 'IBLOCK_ID' => $old['IBLOCK_ID']];
        $told['RESULT'] = &$isUpdated;
        OldEvent::tell('iblock', 'OnAfterIBlockElementUpdate', [&$told]);
        return true;
    }

    private static function toOldRow(array $row): array
    {
        foreach (['TIMESTAMP_X', 'DATE_CREATE', 'ACTIVE_FROM', 'ACTIVE_TO'] as $name) {
            $row[$name] = $row[$name] === null ? null : ConvertTimeStamp(strtotime($row[$name]), 'FULL');
        }
        return $row;
    }

    private function write(int $id, array $fields): void
    {
        $connection = Application::getConnection();
        $touch = ($fields['TIMESTAMP_X'] ?? null) === false ? 'TIMESTAMP_X = TIMESTAMP_X' : 'TIMESTAMP_X = now()';
        [$set] = $connection->getSqlHelper()->prepareUpdate('b_iblock_element', array_diff_key(self::columns($fields), ['IBLOCK_ID' => 1]));
        $connection->queryExecute("UPDATE b_iblock_element SET $touch" . ($set === '' ? '' : ", $set") . " WHERE ID = $id");
        if (is_array($fields['PROPERTY_VALUES'] ?? null)) {
            self::SetPropertyValues($id, (int)$fields['IBLOCK_ID'], $fields['PROPERTY_VALUES']);
        }
        if (isset($fields['IBLOCK_SECTION'])) {
            self::bindSections($id, (array)$fields['IBLOCK_SECTION'], (int)($fields['IBLOCK_SECTION_ID'] ?? 0));
        }
    }

    public static function Delete($ID)
    {
        $ID = (int)$ID;
        if (!OldEvent::allows('iblock', 'OnBeforeIBlockElementDelete', [$ID])) {
            return false;
        }
        $connection = Application::getConnection();
        $row = $connection->query('SELECT ID, IBLOCK_ID, WF_PARENT_ELEMENT_ID, WF_STATUS_ID, PREVIEW_PICTURE, DETAIL_PICTURE, XML_ID AS EXTERNAL_ID, CODE, NAME'
            . " FROM b_iblock_element WHERE ID = $ID")->fetchRaw();
        if ($row === false) {
            return true;
        }
        OldEvent::tell('iblock', 'OnIBlockElementDelete', [$ID, $row]);
        ElementProperties::deleteOfElement((int)$row['IBLOCK_ID'], $ID);
        $connection->queryExecute("DELETE FROM b_iblock_section_element WHERE IBLOCK_ELEMENT_ID = $ID");
        $connection->queryExecute("DELETE FROM b_iblock_element WHERE ID = $ID");
        OldEvent::tell('iblock', 'OnAfterIBlockElementDelete', [$row]);
        return true;
    }

    public static function SetPropertyValues($ELEMENT_ID, $IBLOCK_ID, $PROPERTY_VALUES, $PROPERTY_CODE = false)
    {
        $ELEMENT_ID = (int)$ELEMENT_ID;
        $IBLOCK_ID = (int)$IBLOCK_ID;
        $properties = ElementProperties::ofIblock($IBLOCK_ID);
        if ($PROPERTY_CODE !== false) {
            $PROPERTY_VALUES = is_array($PROPERTY_VALUES) ? $PROPERTY_VALUES : [$PROPERTY_VALUES];
            $properties = array_filter($properties, static fn (array $one): bool => $one['CODE'] === $PROPERTY_CODE || $one['ID'] == $PROPERTY_CODE);
        }
        $stored = ElementProperties::stored($IBLOCK_ID, $ELEMENT_ID);
        OldEvent::tell('iblock', 'OnIBlockElementSetPropertyValues', [$ELEMENT_ID, $IBLOCK_ID, $PROPERTY_VALUES, $PROPERTY_CODE, $properties, $stored]);
        foreach ($properties as $id => $property) {
            $given = $PROPERTY_CODE !== false ? $PROPERTY_VALUES : $PROPERTY_VALUES[$id] ?? $PROPERTY_VALUES[$property['CODE']] ?? null;
            ElementProperties::write($property, $ELEMENT_ID, $given, $stored[$id] ?? []);
        }
        OldEvent::tell('iblock', 'OnAfterIBlockElementSetPropertyValues', [$ELEMENT_ID, $IBLOCK_ID, $PROPERTY_VALUES, $PROPERTY_CODE]);
    }

    public static function SetPropertyValueCode($ELEMENT_ID, $PROPERTY_CODE, $PROPERTY_VALUE)
    {
        $iblock = self::GetIBlockByID($ELEMENT_ID);
        if ($iblock === false) {
            return false;
        }
        self::SetPropertyValues($ELEMENT_ID, $iblock, $PROPERTY_VALUE, $PROPERTY_CODE);
        return true;
    }

    /** Writes the given properties alone. With no infoblock the events carry its id as a string. */
    public static function SetPropertyValuesEx($ELEMENT_ID, $IBLOCK_ID, $PROPERTY_VALUES, $FLAGS = [])
    {
        $ELEMENT_ID = (int)$ELEMENT_ID;
        $known = (int)$IBLOCK_ID > 0 ? (int)$IBLOCK_ID : self::GetIBlockByID($ELEMENT_ID);
        if ($known === false || !is_array($PROPERTY_VALUES)) {
            return;
        }
        $told = (int)$IBLOCK_ID > 0 ? $known : (string)$known;
        $properties = [];
        foreach (ElementProperties::ofIblock((int)$known) as $id => $property) {
            foreach ([$id, $property['CODE']] as $key) {
                if (array_key_exists($key, $PROPERTY_VALUES)) {
                    $properties[$id] = $property + ['GIVEN' => $PROPERTY_VALUES[$key]];
                }
            }
        }
        $list = array_map(static fn (array $one): array => array_diff_key($one, ['GIVEN' => 1]), $properties);
        $stored = array_intersect_key(ElementProperties::stored((int)$known, $ELEMENT_ID), $properties);
        OldEvent::tell('iblock', 'OnIBlockElementSetPropertyValuesEx', [$ELEMENT_ID, $told, $PROPERTY_VALUES, $list, $stored]);
        foreach ($properties as $property) {
            ElementProperties::write($property, $ELEMENT_ID, $property['GIVEN']);
        }
        OldEvent::tell('iblock', 'OnAfterIBlockElementSetPropertyValuesEx', [$ELEMENT_ID, $told, $PROPERTY_VALUES, $FLAGS]);
    }

    /** No event tells of it. */
    public static function SetElementSection($ID, $arSections, $bNew = false, $bRightsIBlock = 0, $sectionId = null)
    {
        return self::bindSections((int)$ID, is_array($arSections) ? $arSections : [$arSections], (int)$sectionId);
    }

    private static function bindSections(int $id, array $sections, int $main): bool
    {
        $connection = Application::getConnection();
        $new = array_values(array_unique(array_filter(array_map('intval', $sections))));
        $old = array_map('intval', array_column($connection->query("SELECT IBLOCK_SECTION_ID FROM b_iblock_section_element WHERE IBLOCK_ELEMENT_ID = $id"
            . ' AND ADDITIONAL_PROPERTY_ID IS NULL')->fetchAll(), 'IBLOCK_SECTION_ID'));
        sort($old);
        $sorted = $new;
        sort($sorted);
        if ($sorted === $old) {
            return false;
        }
        $connection->queryExecute("DELETE FROM b_iblock_section_element WHERE IBLOCK_ELEMENT_ID = $id AND ADDITIONAL_PROPERTY_ID IS NULL");
        foreach ($new as $section) {
            $connection->queryExecute("INSERT IGNORE INTO b_iblock_section_element (IBLOCK_SECTION_ID, IBLOCK_ELEMENT_ID) VALUES ($section, $id)");
        }
        $of = in_array($main, $new, true) ? $main : ($new[0] ?? 0);
        $connection->queryExecute("UPDATE b_iblock_element SET IN_SECTIONS = '" . ($new === [] ? 'N' : 'Y') . "', IBLOCK_SECTION_ID = " . ($of ?: 'NULL') . " WHERE ID = $id");
        return true;
    }

    public static function GetElementGroups($ID, $bElementOnly = false, $arSelect = array())
    {
        $ids = implode(', ', array_map('intval', (array)$ID)) ?: '0';
        return new CIBlockResult(new CDBResult(Application::getConnection()->query('SELECT S.*, SE.IBLOCK_ELEMENT_ID FROM b_iblock_section_element SE'
            . " INNER JOIN b_iblock_section S ON S.ID = SE.IBLOCK_SECTION_ID WHERE SE.IBLOCK_ELEMENT_ID IN ($ids)")));
    }

    public static function GetIBlockByID($ID)
    {
        $iblock = Application::getConnection()->queryScalar('SELECT IBLOCK_ID FROM b_iblock_element WHERE ID = ' . (int)$ID);
        return $iblock === null ? false : (int)$iblock;
    }

    public static function GetList($arOrder = array("SORT" => "ASC"), $arFilter = array(), $arGroupBy = false, $arNavStartParams = false, $arSelectFields = array())
    {
        $rows = (new ElementQuery($arFilter))->run($arOrder, $arGroupBy, $arNavStartParams, $arSelectFields);
        return is_int($rows) ? $rows : new CIBlockResult($rows);
    }

    public static function GetByID($ID)
    {
        return self::GetList([], ['ID' => (int)$ID]);
    }

    public static function GetProperty($IBLOCK_ID, $ELEMENT_ID, $by = "sort", $order = "asc", $arFilter = array())
    {
        $rows = [];
        foreach (ElementProperties::ofIblock((int)$IBLOCK_ID) as $property) {
            if (isset($arFilter['CODE']) && $arFilter['CODE'] !== $property['CODE'] || isset($arFilter['ID']) && $arFilter['ID'] != $property['ID']) {
                continue;
            }
            foreach (ElementProperties::valuesOf($property, [(int)$ELEMENT_ID])[(int)$ELEMENT_ID] ?? [['ID' => null, 'VALUE' => null, 'DESCRIPTION' => null]] as $value) {
                $enum = $property['PROPERTY_TYPE'] === 'L' && $value['VALUE'] !== null ? CIBlockPropertyEnum::GetByID($value['VALUE']) : false;
                $rows[] = ['PROPERTY_VALUE_ID' => $value['ID'], 'VALUE' => $value['VALUE'], 'DESCRIPTION' => $value['DESCRIPTION'],
                    'VALUE_ENUM' => $enum === false ? null : $enum['VALUE'], 'VALUE_XML_ID' => $enum === false ? null : $enum['XML_ID']] + $property;
            }
        }
        return new CIBlockResult($rows);
    }

    public static function GetPropertyValuesArray(&$result, $iblockID, $filter, $propertyFilter = array(), $options = array())
    {
        $ids = array_map('intval', array_column(self::GetList([], ['IBLOCK_ID' => $iblockID] + $filter, false, false, ['ID'])->arResult, 'ID'));
        foreach (ElementProperties::ofIblock((int)$iblockID) as $property) {
            if (
                isset($propertyFilter['ID']) && !in_array($property['ID'], (array)$propertyFilter['ID'])
                || isset($propertyFilter['CODE']) && !in_array($property['CODE'], (array)$propertyFilter['CODE'], true)
            ) {
                continue;
            }
            $values = ElementProperties::valuesOf($property, $ids);
            foreach ($ids as $id) {
                $key = (string)$property['CODE'] === '' ? $property['ID'] : $property['CODE'];
                $result[$id][$key] = self::described($property, $values[$id] ?? []);
            }
        }
    }

    private static function described(array $property, array $rows): array
    {
        $isList = $property['PROPERTY_TYPE'] === 'L';
        $enums = $isList ? array_map(static fn (array $row) => CIBlockPropertyEnum::GetByID($row['VALUE']), $rows) : [];
        $values = $isList ? array_map(static fn ($enum) => $enum['VALUE'] ?? null, $enums) : array_column($rows, 'VALUE');
        $isMultiple = $property['MULTIPLE'] === 'Y';
        $one = static fn (array $all) => $isMultiple ? ($all === [] ? false : $all) : ($all[0] ?? ($isList ? null : ''));
        return $property + [
            'VALUE' => $one($values), '~VALUE' => $one($values), 'PROPERTY_VALUE_ID' => $one(array_column($rows, 'ID')),
            'DESCRIPTION' => $one(array_column($rows, 'DESCRIPTION')),
        ] + ($isList ? ['VALUE_ENUM_ID' => $one(array_column($rows, 'VALUE')), 'VALUE_XML_ID' => $one(array_map(static fn ($enum) => $enum['XML_ID'] ?? null, $enums)),
            'VALUE_ENUM' => $one($values)] : []);
    }
}
