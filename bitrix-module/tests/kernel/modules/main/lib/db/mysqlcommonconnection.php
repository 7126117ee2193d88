<?php

namespace Bitrix\Main\DB;

use Bitrix\Main\ORM\Fields;

/** What MySQL and MariaDB have in common: transactions with savepoints, named locks, the table's columns. */
abstract class MysqlCommonConnection extends Connection
{
    protected $transactionLevel = 0;

    public function isTableExists($tableName)
    {
        $name = $this->getSqlHelper()->forSql((string)$tableName);
        return $this->queryScalar("SHOW TABLES LIKE '" . addcslashes($name, '_%') . "'") !== null;
    }

    public function isIndexExists($tableName, array $columns)
    {
        return $this->getIndexName($tableName, $columns) !== null;
    }

    public function getIndexName($tableName, array $columns, $strict = false)
    {
        $indexes = [];
        foreach ($this->query('SHOW INDEX FROM ' . $this->quoted($tableName))->fetchAll() as $row) {
            $indexes[$row['Key_name']][(int)$row['Seq_in_index'] - 1] = $row['Column_name'];
        }
        foreach ($indexes as $name => $ofIndex) {
            $same = $strict ? $ofIndex : array_slice($ofIndex, 0, count($columns));
            if ($same === array_values($columns)) {
                return $name;
            }
        }
        return null;
    }

    public function getTableFields($tableName)
    {
        if (!isset($this->tableColumnsCache[$tableName])) {
            $fields = [];
            foreach ($this->query('SHOW COLUMNS FROM ' . $this->quoted($tableName))->fetchAll() as $row) {
                $fields[$row['Field']] = self::fieldOf($row['Field'], strtolower($row['Type']));
            }
            $this->tableColumnsCache[$tableName] = $fields;
        }
        return $this->tableColumnsCache[$tableName];
    }

    private static function fieldOf(string $name, string $type): Fields\ScalarField
    {
        return match (true) {
            preg_match('/^(tiny|small|medium|big)?int/', $type) === 1 => new Fields\IntegerField($name),
            preg_match('/^(double|float|decimal)/', $type) === 1 => new Fields\FloatField($name),
            str_starts_with($type, 'datetime'), str_starts_with($type, 'timestamp') => new Fields\DatetimeField($name),
            str_starts_with($type, 'date') => new Fields\DateField($name),
            default => new Fields\StringField($name),
        };
    }

    public function createIndex($tableName, $indexName, $columnNames, $columnLengths = null, $indexType = null)
    {
        $columns = [];
        foreach ((array)$columnNames as $name) {
            $columns[] = $this->quoted($name) . (isset($columnLengths[$name]) ? '(' . (int)$columnLengths[$name] . ')' : '');
        }
        return $this->query("CREATE $indexType INDEX {$this->quoted($indexName)} ON {$this->quoted($tableName)} (" . implode(', ', $columns) . ')');
    }

    public function renameTable($currentName, $newName)
    {
        $this->query("RENAME TABLE {$this->quoted($currentName)} TO {$this->quoted($newName)}");
    }

    public function dropTable($tableName)
    {
        $this->query("DROP TABLE {$this->quoted($tableName)}");
        unset($this->tableColumnsCache[$tableName]);
    }

    public function startTransaction()
    {
        $this->query($this->transactionLevel === 0 ? 'START TRANSACTION' : "SAVEPOINT TRANS{$this->transactionLevel}");
        $this->transactionLevel++;
    }

    public function commitTransaction()
    {
        $this->transactionLevel--;
        if ($this->transactionLevel < 0) {
            $this->transactionLevel = 0;
            throw new TransactionException('Transaction was not started.');
        }
        if ($this->transactionLevel === 0) {
            $this->query('COMMIT');
        }
    }

    /** @throws TransactionException of a nested one, after it went back to its savepoint */
    public function rollbackTransaction()
    {
        $this->transactionLevel--;
        if ($this->transactionLevel < 0) {
            $this->transactionLevel = 0;
            throw new TransactionException('Transaction was not started.');
        }
        if ($this->transactionLevel === 0) {
            $this->query('ROLLBACK');
            return;
        }
        $this->query("ROLLBACK TO SAVEPOINT TRANS{$this->transactionLevel}");
        throw new TransactionException('Nested rollbacks are unsupported.');
    }

    public function lock($name, $timeout = 0)
    {
        return $this->queryScalar("SELECT GET_LOCK('{$this->getLockName($name)}', " . (int)$timeout . ') as L') === '1';
    }

    public function unlock($name)
    {
        return $this->queryScalar("SELECT RELEASE_LOCK('{$this->getLockName($name)}') as L") === '1';
    }

    /** At most 64 characters, which is the limit of MySQL 5.7 and later. */
    protected function getLockName($name)
    {
        $whole = $this->getDatabase() . '|' . $name;
        return $this->getSqlHelper()->forSql(strlen($whole) > 64 ? md5($whole) : $whole);
    }

    public function getType()
    {
        return 'mysql';
    }
}
