<?php

namespace Bitrix\Main\DB;

use Bitrix\Main\Application;

/** SQL with placeholders: `?` or `?s` a string, `?i` an integer, `?f` a number, `?#` an identifier, `?v` a value. */
class SqlExpression
{
    protected $expression;
    protected $args;

    public function __construct()
    {
        $args = func_get_args();
        $this->expression = array_shift($args);
        $this->args = $args;
    }

    public function compile()
    {
        $at = 0;
        return preg_replace_callback('/\?[v#sif]?/', function (array $found) use (&$at): string {
            $value = $this->args[$at++] ?? null;
            $helper = Application::getConnection()->getSqlHelper();
            return match ($found[0]) {
                '?#' => $helper->quote($value),
                '?i' => (string)(int)$value,
                '?f' => (string)(float)$value,
                default => $value === null ? 'NULL' : $helper->convertToDb($value),
            };
        }, $this->expression);
    }

    public function __toString()
    {
        return $this->compile();
    }
}
