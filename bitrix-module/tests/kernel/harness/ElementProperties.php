<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Main\Application;

/** Values of elements' properties in both storages: one table for all, or two tables of an infoblock's own. */
final class ElementProperties
{
    /** @var array<int, array<int, array<string, ?string>>>|null what was read already, where it is remembered */
    private static ?array $remembered = null;

    /** In a process of one hit that only imports, properties are read once, as the kernel's caches do. */
    public static function remember(): void
    {
        self::$remembered = [];
    }

    public static function isRemembered(): bool
    {
        return self::$remembered !== null;
    }

    /** @return array<int, array<string, ?string>> the infoblock's properties by id */
    public static function ofIblock(int $iblockId): array
    {
        if (isset(self::$remembered[$iblockId])) {
            return self::$remembered[$iblockId];
        }
        $result = Application::getConnection()->query("SELECT * FROM b_iblock_property WHERE IBLOCK_ID = $iblockId ORDER BY SORT, ID");
        $properties = [];
        while (($row = $result->fetchRaw()) !== false) {
            $row['USER_TYPE_SETTINGS'] = self::settings($row['USER_TYPE_SETTINGS']);
            $properties[(int)$row['ID']] = $row;
        }
        self::$remembered === null || self::$remembered[$iblockId] = $properties;
        return $properties;
    }

    private static function settings(?string $text): mixed
    {
        return $text === null || $text === '' ? $text : unserialize($text, ['allowed_classes' => false]);
    }

    /** @return array<int, array<string, array>> by property id, then by value id, as events carry them */
    public static function stored(int $iblockId, int $elementId): array
    {
        $stored = [];
        $properties = self::ofIblock($iblockId);
        if ($properties !== [] && reset($properties)['VERSION'] !== '2') {
            $result = Application::getConnection()->query("SELECT ID, VALUE, DESCRIPTION, VALUE_ENUM, VALUE_NUM, 'text' AS VALUE_TYPE, IBLOCK_ELEMENT_ID, IBLOCK_PROPERTY_ID"
                . " FROM b_iblock_element_property WHERE IBLOCK_ELEMENT_ID = $elementId ORDER BY ID");
            while (($row = $result->fetchRaw()) !== false) {
                $stored[(int)$row['IBLOCK_PROPERTY_ID']][$row['ID']] = $row;
            }
            ksort($stored);
            return array_intersect_key($stored, $properties);
        }
        foreach ($properties as $id => $property) {
            foreach (self::valuesOf($property, [$elementId])[$elementId] ?? [] as $row) {
                $stored[$id][$row['ID']] = $row + ['IBLOCK_ELEMENT_ID' => (string)$elementId, 'IBLOCK_PROPERTY_ID' => (string)$id];
            }
        }
        return $stored;
    }

    /**
     * @param list<int> $elementIds
     * @return array<int, list<array{ID: string, VALUE: ?string, DESCRIPTION: ?string, VALUE_ENUM: ?string, VALUE_NUM: ?string, VALUE_TYPE: string}>>
     */
    public static function valuesOf(array $property, array $elementIds): array
    {
        $ids = implode(', ', array_map('intval', $elementIds)) ?: '0';
        $id = (int)$property['ID'];
        $iblock = (int)$property['IBLOCK_ID'];
        if ($property['VERSION'] === '2' && $property['MULTIPLE'] !== 'Y') {
            $sql = "SELECT IBLOCK_ELEMENT_ID, CONCAT(IBLOCK_ELEMENT_ID, ':$id') AS ID, PROPERTY_$id AS VALUE, NULL AS DESCRIPTION, PROPERTY_$id AS VALUE_ENUM,"
                . " PROPERTY_$id AS VALUE_NUM, 'text' AS VALUE_TYPE FROM b_iblock_element_prop_s$iblock WHERE IBLOCK_ELEMENT_ID IN ($ids) AND PROPERTY_$id IS NOT NULL";
        } else {
            $table = $property['VERSION'] === '2' ? "b_iblock_element_prop_m$iblock" : 'b_iblock_element_property';
            $sql = "SELECT IBLOCK_ELEMENT_ID, ID, VALUE, DESCRIPTION, VALUE_ENUM, VALUE_NUM, 'text' AS VALUE_TYPE FROM $table"
                . " WHERE IBLOCK_ELEMENT_ID IN ($ids) AND IBLOCK_PROPERTY_ID = $id ORDER BY ID";
        }
        $values = [];
        $result = Application::getConnection()->query($sql);
        while (($row = $result->fetchRaw()) !== false) {
            $element = (int)$row['IBLOCK_ELEMENT_ID'];
            unset($row['IBLOCK_ELEMENT_ID']);
            $values[$element][] = $row;
        }
        return $values;
    }

    /** Replaces the property's values; nothing given means none. */
    public static function write(array $property, int $elementId, mixed $given, ?array $stored = null): void
    {
        $values = self::normalized($property, $given);
        if ($stored !== null && ($values === [] && $stored === [] || is_array($given) && self::isStored($given, $stored))) {
            return;
        }
        SkuMap::forget($elementId);
        $connection = Application::getConnection();
        $helper = $connection->getSqlHelper();
        $id = (int)$property['ID'];
        $iblock = (int)$property['IBLOCK_ID'];
        if ($property['VERSION'] === '2' && $property['MULTIPLE'] !== 'Y') {
            $value = $values === [] ? 'NULL' : "'" . $helper->forSql($values[0]['VALUE']) . "'";
            $connection->queryExecute("INSERT INTO b_iblock_element_prop_s$iblock (IBLOCK_ELEMENT_ID, PROPERTY_$id) VALUES ($elementId, $value)"
                . " ON DUPLICATE KEY UPDATE PROPERTY_$id = $value");
            return;
        }
        $table = $property['VERSION'] === '2' ? "b_iblock_element_prop_m$iblock" : 'b_iblock_element_property';
        $connection->queryExecute("DELETE FROM $table WHERE IBLOCK_ELEMENT_ID = $elementId AND IBLOCK_PROPERTY_ID = $id");
        foreach ($values as $value) {
            $isNumber = is_numeric($value['VALUE']);
            $connection->add($table, [
                'IBLOCK_PROPERTY_ID' => $id, 'IBLOCK_ELEMENT_ID' => $elementId, 'VALUE' => $value['VALUE'],
                'VALUE_ENUM' => $property['PROPERTY_TYPE'] === 'L' ? (int)$value['VALUE'] : null,
                'VALUE_NUM' => $isNumber ? (float)$value['VALUE'] : null, 'DESCRIPTION' => $value['DESCRIPTION'],
            ] + ($table === 'b_iblock_element_property' ? ['VALUE_TYPE' => 'text'] : []));
        }
    }

    /** Whether the given values are passed again as they are, each under its own id. */
    private static function isStored(array $given, array $stored): bool
    {
        foreach ($given as $id => $value) {
            if (!is_array($value) || !isset($stored[$id]) || $stored[$id]['VALUE'] !== ($value['VALUE'] ?? null)) {
                return false;
            }
        }
        return count($given) === count($stored);
    }

    /** @return list<array{VALUE: string, DESCRIPTION: ?string}> */
    private static function normalized(array $property, mixed $given): array
    {
        $isOne = !is_array($given) || array_key_exists('VALUE', $given) || isset($given['tmp_name']) || isset($given['TEXT']);
        $values = [];
        foreach ($isOne ? [$given] : $given as $one) {
            $description = is_array($one) ? $one['DESCRIPTION'] ?? null : null;
            $value = is_array($one) && array_key_exists('VALUE', $one) ? $one['VALUE'] : $one;
            if ($property['PROPERTY_TYPE'] === 'F' && is_array($value)) {
                $value = ($value['del'] ?? '') === 'Y' ? '' : \CFile::SaveFile($value, 'iblock');
            } elseif (is_array($value)) {
                $value = serialize($value);
            }
            if ($value !== null && $value !== false && (string)$value !== '') {
                $values[] = ['VALUE' => (string)$value, 'DESCRIPTION' => $description];
            }
        }
        return $property['MULTIPLE'] === 'Y' ? $values : array_slice($values, -1);
    }

    public static function deleteOfElement(int $iblockId, int $elementId): void
    {
        $connection = Application::getConnection();
        if ((int)\CIBlock::GetArrayByID($iblockId, 'VERSION') === 2) {
            $connection->queryExecute("DELETE FROM b_iblock_element_prop_s$iblockId WHERE IBLOCK_ELEMENT_ID = $elementId");
            $connection->queryExecute("DELETE FROM b_iblock_element_prop_m$iblockId WHERE IBLOCK_ELEMENT_ID = $elementId");
        } else {
            $connection->queryExecute("DELETE FROM b_iblock_element_property WHERE IBLOCK_ELEMENT_ID = $elementId");
        }
    }
}
