<?php

namespace Bitrix\Main\ORM\Query\Filter;

use Bitrix\Main\DB\SqlExpression;

/** Conditions tied by AND or OR; kept in the form of an array filter. */
class ConditionTree
{
    public const LOGIC_AND = 'and';
    public const LOGIC_OR = 'or';

    private array $conditions = [];
    private string $logic = self::LOGIC_AND;

    public function __construct()
    {
    }

    public function logic($logic = null)
    {
        if ($logic === null) {
            return $this->logic;
        }
        $this->logic = strtolower($logic);
        return $this;
    }

    public function where(...$filter)
    {
        if ($filter[0] instanceof self) {
            $this->conditions[] = $filter[0];
            return $this;
        }
        [$column, $operator, $value] = count($filter) > 2 ? $filter : [$filter[0], '=', $filter[1] ?? null];
        $operator = ['in' => '@', 'like' => '=%', '<>' => '!='][strtolower($operator)] ?? $operator;
        $this->conditions[] = [$operator . $column => $value];
        return $this;
    }

    public function whereNot(...$filter)
    {
        [$column, $operator, $value] = count($filter) > 2 ? $filter : [$filter[0], '=', $filter[1] ?? null];
        return $this->where($column, "!$operator", $value);
    }

    public function whereColumn(...$filter)
    {
        [$column, $operator, $other] = count($filter) > 2 ? $filter : [$filter[0], '=', $filter[1]];
        $this->conditions[] = [$operator . $column => ['column' => $other]];
        return $this;
    }

    public function whereNull($column)
    {
        return $this->where($column, '=', null);
    }

    public function whereNotNull($column)
    {
        return $this->where($column, '!=', null);
    }

    public function whereIn($column, $values)
    {
        return $this->where($column, '@', $values);
    }

    public function whereNotIn($column, $values)
    {
        return $this->where($column, '!@', $values);
    }

    public function whereBetween($column, $valueMin, $valueMax)
    {
        return $this->where($column, '><', [$valueMin, $valueMax]);
    }

    public function whereLike($column, $value)
    {
        return $this->where($column, '=%', $value);
    }

    public function getConditions()
    {
        return $this->conditions;
    }
}
