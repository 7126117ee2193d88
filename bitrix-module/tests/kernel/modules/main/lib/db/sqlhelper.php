<?php

namespace Bitrix\Main\DB;

use Bitrix\Main\ORM\Fields;
use Bitrix\Main\Type;

/** Quotes and converts values for the statements. */
abstract class SqlHelper
{
    protected $connection;

    public function __construct(Connection $connection)
    {
        $this->connection = $connection;
    }

    public function quote($identifier)
    {
        $parts = explode('.', str_replace('`', '', (string)$identifier));
        return implode('.', array_map(static fn (string $part): string => "`$part`", $parts));
    }

    abstract public function forSql($value, $maxLength = 0);

    abstract public function getCurrentDateTimeFunction();

    abstract public function addSecondsToDateTime($seconds, $from = null);

    abstract public function getConcatFunction();

    abstract public function getTopSql($sql, $limit, $offset = 0);

    abstract public function prepareMerge($tableName, array $primaryFields, array $insertFields, array $updateFields);

    /** Names that are not columns are dropped without a word, as in the kernel. */
    public function prepareInsert($tableName, array $fields, $returnAsArray = false)
    {
        $columns = $values = [];
        $known = $this->connection->getTableFields($tableName);
        foreach ($fields as $name => $value) {
            if (isset($known[$name]) || $value instanceof SqlExpression) {
                $columns[] = $this->quote($name);
                $values[] = $this->convertToDb($value, $known[$name] ?? null);
            }
        }
        return $returnAsArray ? [$columns, $values, []] : [implode(', ', $columns), implode(', ', $values), []];
    }

    public function prepareUpdate($tableName, array $fields)
    {
        $assignments = [];
        $known = $this->connection->getTableFields($tableName);
        foreach ($fields as $name => $value) {
            if (isset($known[$name]) || $value instanceof SqlExpression) {
                $assignments[] = $this->quote($name) . ' = ' . $this->convertToDb($value, $known[$name] ?? null);
            }
        }
        return [implode(', ', $assignments), []];
    }

    public function prepareAssignment($tableName, $columnName, $value)
    {
        $field = $this->connection->getTableField($tableName, $columnName);
        return $this->quote($columnName) . ' = ' . $this->convertToDb($value, $field);
    }

    public function convertToDb($value, ?Fields\IReadable $field = null)
    {
        if ($value === null) {
            return 'NULL';
        }
        if ($value instanceof SqlExpression) {
            return $value->compile();
        }
        return match (true) {
            $field instanceof Fields\IntegerField => (string)$this->convertToDbInteger($value),
            $field instanceof Fields\FloatField => $this->convertToDbFloat($value),
            $value instanceof Type\DateTime, $field instanceof Fields\DatetimeField => $this->convertToDbDateTime($value),
            $value instanceof Type\Date, $field instanceof Fields\DateField => $this->convertToDbDate($value),
            is_bool($value) => $value ? '1' : "''",
            default => $this->convertToDbString($value),
        };
    }

    public function convertToDbInteger($value, $size = 8)
    {
        return (int)$value;
    }

    public function convertToDbFloat($value, $scale = null)
    {
        $value = (float)$value;
        if (!is_finite($value)) {
            throw new \Bitrix\Main\ArgumentTypeException('value', 'float');
        }
        return "'" . ($scale === null ? (string)$value : (string)round($value, $scale)) . "'";
    }

    public function convertToDbString($value, $length = null)
    {
        return "'" . $this->forSql($value, (int)$length) . "'";
    }

    public function convertToDbText($value)
    {
        return $this->convertToDbString($value);
    }

    public function convertToDbDate($value)
    {
        if (empty($value)) {
            return 'NULL';
        }
        if (!$value instanceof Type\Date) {
            throw new \Bitrix\Main\ArgumentTypeException('value', '\Bitrix\Main\Type\Date');
        }
        return "'" . $value->format('Y-m-d') . "'";
    }

    public function convertToDbDateTime($value)
    {
        if (empty($value)) {
            return 'NULL';
        }
        if (!$value instanceof Type\Date) {
            throw new \Bitrix\Main\ArgumentTypeException('value', '\Bitrix\Main\Type\Date');
        }
        return "'" . $value->format('Y-m-d H:i:s') . "'";
    }

    /** A fraction of a second is refused: kernels differ in what they do with it. Select such a column as text. */
    public function convertFromDbDateTime($value)
    {
        return $value === null || str_starts_with($value, '0000-00-00') ? null : new Type\DateTime($value, 'Y-m-d H:i:s');
    }

    public function convertFromDbDate($value)
    {
        return $value === null || str_starts_with($value, '0000-00-00') ? null : new Type\Date($value, 'Y-m-d');
    }
}
