<?php

namespace Bitrix\Main\ORM\Query;

use Bitrix\Main\ORM\Fields\ExpressionField;

/** Short ways to aggregates. */
class Expression
{
    private int $made = 0;

    public function __construct()
    {
    }

    public function count($columnName)
    {
        return $this->make('COUNT(%s)', $columnName);
    }

    public function countDistinct($columnName)
    {
        return $this->make('COUNT(DISTINCT %s)', $columnName);
    }

    public function sum($columnName)
    {
        return $this->make('SUM(%s)', $columnName);
    }

    public function min($columnName)
    {
        return $this->make('MIN(%s)', $columnName);
    }

    public function max($columnName)
    {
        return $this->make('MAX(%s)', $columnName);
    }

    private function make(string $expression, string $column): ExpressionField
    {
        return new ExpressionField('EXPR_' . ++$this->made, $expression, $column);
    }
}
