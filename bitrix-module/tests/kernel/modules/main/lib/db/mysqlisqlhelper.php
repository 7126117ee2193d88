<?php

namespace Bitrix\Main\DB;

/** MySQL's dialect. */
class MysqliSqlHelper extends SqlHelper
{
    public function forSql($value, $maxLength = 0)
    {
        $value = (string)$value;
        if ($maxLength > 0) {
            $value = mb_substr($value, 0, $maxLength);
        }
        return $this->connection->getResource()->real_escape_string($value);
    }

    public function getCurrentDateTimeFunction()
    {
        return 'NOW()';
    }

    public function getCurrentDateFunction()
    {
        return 'CURDATE()';
    }

    public function addSecondsToDateTime($seconds, $from = null)
    {
        $from ??= static::getCurrentDateTimeFunction();
        return "DATE_ADD($from, INTERVAL $seconds SECOND)";
    }

    public function addDaysToDateTime($days, $from = null)
    {
        $from ??= static::getCurrentDateTimeFunction();
        return "DATE_ADD($from, INTERVAL $days DAY)";
    }

    public function getConcatFunction()
    {
        return 'CONCAT(' . implode(', ', func_get_args()) . ')';
    }

    public function getIsNullFunction($expression, $result)
    {
        return "IFNULL($expression, $result)";
    }

    public function getTopSql($sql, $limit, $offset = 0)
    {
        if ((int)$offset > 0 && (int)$limit <= 0) {
            throw new \Bitrix\Main\ArgumentException('Limit must be set if offset is set');
        }
        return (int)$limit > 0 ? "$sql\nLIMIT " . (int)$offset . ', ' . (int)$limit : $sql;
    }

    public function prepareMerge($tableName, array $primaryFields, array $insertFields, array $updateFields)
    {
        [$columns, $values] = $this->prepareInsert($tableName, $insertFields);
        [$update] = $this->prepareUpdate($tableName, $updateFields);
        return ["INSERT INTO {$this->quote($tableName)} ($columns) VALUES ($values) ON DUPLICATE KEY UPDATE $update"];
    }

    public function prepareMergeMultiple($tableName, array $primaryFields, array $insertRows)
    {
        $groups = $sql = [];
        foreach ($insertRows as $row) {
            [$columns, $values] = $this->prepareInsert($tableName, $row);
            $groups[$columns][] = "($values)";
        }
        foreach ($groups as $columns => $rows) {
            $set = array_map(static fn (string $name): string => "$name = VALUES($name)", explode(', ', $columns));
            $sql[] = "INSERT INTO {$this->quote($tableName)} ($columns) VALUES " . implode(', ', $rows)
                . ' ON DUPLICATE KEY UPDATE ' . implode(', ', $set);
        }
        return $sql;
    }

    public function getInsertIgnore($tableName, $fields, $sql)
    {
        return "INSERT IGNORE INTO {$this->quote($tableName)} $fields $sql";
    }
}
