<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Main\Application;
use Bitrix\Main\SystemException;

/**
 * The `GetList` of old classes: order, filter with prefixes, grouping for a count, paging, the columns.
 *
 * A filter key that names no column is refused, where the kernel would ignore it.
 */
final class OldList
{
    private const OPERATORS = ['!><', '>=', '<=', '!=', '!@', '!%', '><', '=%', '%', '=', '>', '<', '@', '!', '~', '+'];

    private readonly \Bitrix\Main\DB\SqlHelper $helper;
    /** @var array<string, \Bitrix\Main\ORM\Fields\ScalarField> */
    private readonly array $columns;

    /**
     * @param array<string, string> $aliases other names of columns, or SQL in parentheses
     * @param string $join further tables
     */
    public function __construct(private readonly string $table, private readonly array $aliases = [], private readonly string $join = '')
    {
        $this->helper = Application::getConnection()->getSqlHelper();
        $this->columns = Application::getConnection()->getTableFields($table);
    }

    public function column(string $name): string
    {
        $upper = strtoupper($name);
        $of = $this->aliases[$upper] ?? $upper;
        if (str_starts_with($of, '(')) {
            return $of;
        }
        return isset($this->columns[$of]) ? "T.`$of`" : throw new SystemException("$this->table has no `$name` for the fake kernel");
    }

    /** @param list<string> $conditions SQL that holds beside the filter */
    public function run(array $order, array $filter, mixed $group, mixed $nav, array $select, array $conditions = []): \CDBResult|int
    {
        $where = implode(' AND ', array_merge(['1 = 1'], $conditions, $this->conditions($filter)));
        $from = "FROM `$this->table` T $this->join WHERE $where";
        if (is_array($group) && $group === []) {
            return (int)Application::getConnection()->queryScalar("SELECT COUNT(1) $from");
        }
        $sql = 'SELECT ' . $this->select($select) . " $from" . $this->order($order) . self::limit($nav);
        return new \CDBResult(Application::getConnection()->query($sql));
    }

    public function select(array $names): string
    {
        $names = $names === [] || in_array('*', $names, true) ? array_unique(array_merge(array_keys($this->columns), array_keys($this->aliases))) : $names;
        return implode(', ', array_map(fn (string $name): string => $this->column($name) . ' AS `' . strtoupper($name) . '`', $names));
    }

    private function order(array $order): string
    {
        $parts = [];
        foreach ($order as $name => $direction) {
            $parts[] = $this->column((string)$name) . (str_starts_with(strtolower((string)$direction), 'desc') ? ' DESC' : ' ASC');
        }
        return $parts === [] ? '' : ' ORDER BY ' . implode(', ', $parts);
    }

    public static function limit(mixed $nav): string
    {
        if (!is_array($nav)) {
            return '';
        }
        $top = (int)($nav['nTopCount'] ?? 0);
        $page = (int)($nav['nPageSize'] ?? 0);
        return match (true) {
            $top > 0 => " LIMIT $top",
            $page > 0 => ' LIMIT ' . (max(1, (int)($nav['iNumPage'] ?? 1)) - 1) * $page . ", $page",
            default => '',
        };
    }

    /** @return list<string> */
    public function conditions(array $filter): array
    {
        $parts = [];
        foreach ($filter as $key => $value) {
            [$operator, $name] = self::split((string)$key);
            $parts[] = $this->condition($this->column($name), $operator, $value);
        }
        return $parts;
    }

    /** @return array{string, string} */
    public static function split(string $key): array
    {
        foreach (self::OPERATORS as $operator) {
            if (str_starts_with($key, $operator)) {
                return [$operator, substr($key, strlen($operator))];
            }
        }
        return ['', $key];
    }

    public function condition(string $column, string $operator, mixed $value): string
    {
        if (str_starts_with($operator, '!')) {
            $positive = $this->condition($column, $operator === '!=' ? '=' : substr($operator, 1), $value);
            return $value === false || $value === null ? "NOT ($positive)" : "($column IS NULL OR NOT ($positive))";
        }
        if ($value === false || $value === null) {
            return "($column IS NULL OR $column = '')";
        }
        if ($value instanceof \Bitrix\Main\Type\Date) {
            $value = $value->format('Y-m-d H:i:s');
        } elseif (is_string($value) && preg_match('/^\d\d\.\d\d\.\d{4}( \d\d:\d\d(:\d\d)?)?$/', $value) === 1) {
            $value = date('Y-m-d H:i:s', (int)MakeTimeStamp($value));
        }
        if (is_array($value)) {
            if ($operator === '><') {
                return "$column BETWEEN {$this->quoted($value[0])} AND {$this->quoted($value[1])}";
            }
            return $value === [] ? '1 = 0' : "$column IN (" . implode(', ', array_map($this->quoted(...), $value)) . ')';
        }
        return match ($operator) {
            '%' => "$column LIKE '%" . $this->helper->forSql(addcslashes((string)$value, '%_')) . "%'",
            '=%', '~' => "$column LIKE '" . $this->helper->forSql((string)$value) . "'",
            '>', '<', '>=', '<=' => "$column $operator {$this->quoted($value)}",
            '', '=', '@', '+' => "$column = {$this->quoted($value)}",
            default => throw new SystemException("The operator `$operator` is not part of the fake kernel"),
        };
    }

    private function quoted(mixed $value): string
    {
        return "'" . $this->helper->forSql(is_bool($value) ? (string)(int)$value : (string)$value) . "'";
    }
}
