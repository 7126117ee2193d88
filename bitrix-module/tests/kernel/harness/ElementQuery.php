<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Main\Application;

/** `CIBlockElement::GetList`: filters of elements, of sections, of properties and of the catalogue. */
final class ElementQuery
{
    private readonly OldList $list;
    private string $join = '';
    /** @var array<string, array> properties that are joined, by alias */
    private array $joined = [];

    /** @param array<string, mixed> $filter */
    public function __construct(private array $filter)
    {
        $this->list = new OldList('b_iblock_element', [
            'EXTERNAL_ID' => 'XML_ID', 'DATE_ACTIVE_FROM' => 'ACTIVE_FROM', 'DATE_ACTIVE_TO' => 'ACTIVE_TO',
            'IBLOCK_CODE' => '(SELECT I.CODE FROM b_iblock I WHERE I.ID = T.IBLOCK_ID)',
            'IBLOCK_TYPE_ID' => '(SELECT I.IBLOCK_TYPE_ID FROM b_iblock I WHERE I.ID = T.IBLOCK_ID)',
            'CATALOG_AVAILABLE' => '(SELECT P.AVAILABLE FROM b_catalog_product P WHERE P.ID = T.ID)',
            'AVAILABLE' => '(SELECT P.AVAILABLE FROM b_catalog_product P WHERE P.ID = T.ID)',
            'CATALOG_QUANTITY' => '(SELECT P.QUANTITY FROM b_catalog_product P WHERE P.ID = T.ID)',
            'CATALOG_TYPE' => '(SELECT P.TYPE FROM b_catalog_product P WHERE P.ID = T.ID)',
            'TYPE' => '(SELECT P.TYPE FROM b_catalog_product P WHERE P.ID = T.ID)',
        ]);
    }

    public function run(array $order, mixed $group, mixed $nav, array $select): \CDBResult|int
    {
        $conditions = $this->conditions($this->filter);
        $where = implode(' AND ', ['T.WF_PARENT_ELEMENT_ID IS NULL', ...$conditions]);
        if ($group === []) {
            return (int)Application::getConnection()->queryScalar("SELECT COUNT(DISTINCT T.ID) FROM b_iblock_element T $this->join WHERE $where");
        }
        $columns = $this->columns($select);
        $orders = [];
        foreach ($order as $name => $direction) {
            $isDown = str_starts_with(strtolower((string)$direction), 'desc');
            $orders[] = $this->expression((string)$name) . ($isDown ? ' DESC' : ' ASC');
        }
        $sql = "SELECT $columns FROM b_iblock_element T $this->join WHERE $where"
            . ($orders === [] ? '' : ' ORDER BY ' . implode(', ', $orders)) . OldList::limit($nav);
        return new \CDBResult(Application::getConnection()->query($sql));
    }

    private function columns(array $select): string
    {
        if ($select === [] || in_array('*', $select, true)) {
            return 'T.*, T.XML_ID AS EXTERNAL_ID' . implode('', array_map(
                fn (string $name): string => ', ' . $this->expression($name) . " AS `{$name}_VALUE`",
                array_filter($select, static fn ($name): bool => str_starts_with((string)$name, 'PROPERTY_')),
            ));
        }
        $parts = [];
        foreach (array_unique(array_merge($select, ['ID', 'IBLOCK_ID'])) as $name) {
            $upper = strtoupper($name);
            $alias = str_starts_with($upper, 'PROPERTY_') ? "{$upper}_VALUE" : $upper;
            $parts[] = $this->expression($name) . " AS `$alias`";
        }
        return implode(', ', $parts);
    }

    private function expression(string $name): string
    {
        if (!str_starts_with(strtoupper($name), 'PROPERTY_')) {
            return $this->list->column($name);
        }
        return $this->property(substr(strtoupper($name), 9));
    }

    /** The SQL of a property's value, which multiplies rows where it has several. */
    private function property(string $code): string
    {
        $column = str_ends_with($code, '_VALUE') ? 'VALUE' : null;
        $code = $column === null ? $code : substr($code, 0, -6);
        $alias = 'P' . substr(md5($code), 0, 8);
        if (!isset($this->joined[$alias])) {
            $property = $this->find($code);
            $id = (int)$property['ID'];
            $iblock = (int)$property['IBLOCK_ID'];
            $isOwn = $property['VERSION'] === '2';
            $isColumn = $isOwn && $property['MULTIPLE'] !== 'Y';
            $table = $isColumn ? "b_iblock_element_prop_s$iblock" : ($isOwn ? "b_iblock_element_prop_m$iblock" : 'b_iblock_element_property');
            $this->join .= " LEFT JOIN $table $alias ON $alias.IBLOCK_ELEMENT_ID = T.ID" . ($isColumn ? '' : " AND $alias.IBLOCK_PROPERTY_ID = $id");
            $this->joined[$alias] = ['sql' => $isColumn ? "$alias.PROPERTY_$id" : "$alias.VALUE"] + $property;
        }
        $sql = $this->joined[$alias]['sql'];
        return $column !== null && $this->joined[$alias]['PROPERTY_TYPE'] === 'L'
            ? "(SELECT E.VALUE FROM b_iblock_property_enum E WHERE E.ID = $sql)" : $sql;
    }

    private function find(string $code): array
    {
        $helper = Application::getConnection()->getSqlHelper();
        $iblocks = array_map('intval', (array)($this->filter['IBLOCK_ID'] ?? $this->filter['=IBLOCK_ID'] ?? []));
        $name = is_numeric($code) ? 'ID = ' . (int)$code : "UPPER(CODE) = '" . $helper->forSql($code) . "'";
        $row = Application::getConnection()->query("SELECT * FROM b_iblock_property WHERE $name"
            . ($iblocks === [] ? '' : ' AND IBLOCK_ID IN (' . implode(', ', $iblocks) . ')') . ' LIMIT 1')->fetchRaw();
        return $row === false ? throw new \Bitrix\Main\SystemException("No property `$code`") : $row;
    }

    /** @return list<string> */
    private function conditions(array $filter): array
    {
        $isOr = strtoupper((string)($filter['LOGIC'] ?? 'AND')) === 'OR';
        $parts = [];
        foreach ($filter as $key => $value) {
            $sql = is_int($key) && is_array($value)
                ? '(' . implode(' AND ', $this->conditions($value) ?: ['1 = 1']) . ')'
                : $this->one((string)$key, $value);
            $sql === null || $parts[] = $sql;
        }
        return $isOr && $parts !== [] ? ['(' . implode(' OR ', $parts) . ')'] : $parts;
    }

    private function one(string $key, mixed $value): ?string
    {
        [$operator, $name] = OldList::split($key);
        $upper = strtoupper($name);
        if (
            in_array($upper, ['LOGIC', 'CHECK_PERMISSIONS', 'MIN_PERMISSION', 'PERMISSIONS_BY', 'INCLUDE_SUBSECTIONS', 'SHOW_NEW', 'SHOW_HISTORY', 'SITE_ID', 'LID',
            'SHOW_COUNTER'], true)
        ) {
            return null;
        }
        return match (true) {
            $upper === 'ACTIVE_DATE' => $this->activeNow($value === 'Y'),
            in_array($upper, ['SECTION_ID', 'IBLOCK_SECTION_ID'], true) && $upper === 'SECTION_ID' => $this->ofSections($value),
            $upper === 'SECTION_ACTIVE', $upper === 'SECTION_GLOBAL_ACTIVE' => $this->inSection("S." . ($upper === 'SECTION_ACTIVE' ? 'ACTIVE' : 'GLOBAL_ACTIVE') . " = 'Y'"),
            $upper === 'PROPERTY' => '(' . implode(' AND ', array_map(
                fn ($code, $one): string => $this->list->condition($this->property(strtoupper((string)$code)), '', $one),
                array_keys($value),
                $value,
            )) . ')',
            default => $this->list->condition($this->expression($name), $operator, $value),
        };
    }

    private function activeNow(bool $isWanted): string
    {
        return ($isWanted ? '' : 'NOT ') . '((T.ACTIVE_FROM IS NULL OR T.ACTIVE_FROM <= now()) AND (T.ACTIVE_TO IS NULL OR T.ACTIVE_TO >= now()))';
    }

    private function ofSections(mixed $value): string
    {
        $ids = array_map('intval', (array)$value);
        if ($ids === [0] || $ids === []) {
            return 'NOT EXISTS (SELECT 1 FROM b_iblock_section_element SE WHERE SE.IBLOCK_ELEMENT_ID = T.ID)';
        }
        $list = implode(', ', $ids);
        return ($this->filter['INCLUDE_SUBSECTIONS'] ?? 'N') === 'Y'
            ? $this->inSection("EXISTS (SELECT 1 FROM b_iblock_section B WHERE B.ID IN ($list) AND B.IBLOCK_ID = S.IBLOCK_ID AND S.LEFT_MARGIN >= B.LEFT_MARGIN AND S.RIGHT_MARGIN <= B.RIGHT_MARGIN)")
            : $this->inSection("S.ID IN ($list)");
    }

    private function inSection(string $condition): string
    {
        return 'EXISTS (SELECT 1 FROM b_iblock_section_element SE INNER JOIN b_iblock_section S ON S.ID = SE.IBLOCK_SECTION_ID'
            . " WHERE SE.IBLOCK_ELEMENT_ID = T.ID AND $condition)";
    }
}
