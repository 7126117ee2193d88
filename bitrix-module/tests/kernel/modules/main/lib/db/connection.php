<?php

namespace Bitrix\Main\DB;

/** What the module uses of a database connection; the statements themselves run on a real MariaDB. */
abstract class Connection extends \Bitrix\Main\Data\Connection
{
    protected $sqlHelper;
    protected $tableColumnsCache = [];

    public function getDatabase()
    {
        return $this->configuration['database'] ?? '';
    }

    public function getSqlHelper()
    {
        return $this->sqlHelper ??= $this->createSqlHelper();
    }

    public function connect()
    {
        $this->isConnected || $this->connectInternal();
    }

    public function disconnect()
    {
        $this->disconnectInternal();
    }

    /** Further arguments, as in the kernel: `$binds`, or `$offset` and `$limit`, or `$limit` alone. */
    public function query($sql)
    {
        [$sql, $binds] = self::parseQueryFunctionArgs(func_get_args());
        return $this->createResult($this->queryInternal($sql, $binds));
    }

    public function queryScalar($sql, ?array $binds = null)
    {
        $row = $this->query($sql, $binds)->fetch();
        return $row === false ? null : array_shift($row);
    }

    public function queryExecute($sql, ?array $binds = null)
    {
        $this->queryInternal($sql, $binds);
    }

    protected static function parseQueryFunctionArgs($args)
    {
        $sql = $args[0];
        $rest = array_values(array_filter(array_slice($args, 1), static fn ($one) => $one !== null && !is_array($one)));
        if (count($rest) === 1) {
            $sql .= ' LIMIT ' . (int)$rest[0];
        } elseif (count($rest) > 1 && (int)$rest[1] > 0) {
            $sql .= ' LIMIT ' . (int)$rest[0] . ', ' . (int)$rest[1];
        }
        return [$sql, null];
    }

    public function add($tableName, array $data, $identity = "ID")
    {
        [$columns, $values] = $this->getSqlHelper()->prepareInsert($tableName, $data);
        $this->queryExecute("INSERT INTO {$this->quoted($tableName)} ($columns) VALUES ($values)");
        return $this->getInsertedId();
    }

    public function addMulti($tableName, $rows, $identity = "ID")
    {
        $groups = [];
        foreach ($rows as $row) {
            [$columns, $values] = $this->getSqlHelper()->prepareInsert($tableName, $row);
            $groups[$columns][] = "($values)";
        }
        foreach ($groups as $columns => $values) {
            $this->queryExecute("INSERT INTO {$this->quoted($tableName)} ($columns) VALUES " . implode(', ', $values));
        }
        return $this->getInsertedId();
    }

    public function executeSqlBatch($sqlBatch, $stopOnError = false)
    {
        $errors = [];
        foreach ($this->parseSqlBatch($sqlBatch) as $sql) {
            try {
                $this->queryExecute($sql);
            } catch (SqlException $exception) {
                $errors[] = $exception->getMessage();
                if ($stopOnError) {
                    break;
                }
            }
        }
        return $errors;
    }

    /** Splits at the semicolon that ends a line; comments that start with a dash pair or `#` are dropped. */
    public function parseSqlBatch($sqlBatch)
    {
        $sqlBatch = preg_replace('/^\s*(--|#).*$/m', '', (string)$sqlBatch);
        $parts = preg_split('/;\s*(?:\r?\n|$)/', $sqlBatch);
        return array_values(array_filter(array_map('trim', $parts), static fn (string $sql): bool => $sql !== ''));
    }

    public function createPrimaryIndex($tableName, $columnNames)
    {
        $columns = implode(', ', array_map($this->quoted(...), (array)$columnNames));
        return $this->query("ALTER TABLE {$this->quoted($tableName)} ADD PRIMARY KEY ($columns)");
    }

    public function getTableField($tableName, $columnName)
    {
        return $this->getTableFields($tableName)[$columnName] ?? null;
    }

    public function truncateTable($tableName)
    {
        return $this->query("TRUNCATE TABLE {$this->quoted($tableName)}");
    }

    public function dropColumn($tableName, $columnName)
    {
        $this->query("ALTER TABLE {$this->quoted($tableName)} DROP COLUMN {$this->quoted($columnName)}");
        unset($this->tableColumnsCache[$tableName]);
    }

    public function clearCaches(?string $table = null)
    {
        $this->tableColumnsCache = [];
    }

    protected function quoted(string $identifier): string
    {
        return $this->getSqlHelper()->quote($identifier);
    }

    abstract public function getInsertedId();

    abstract public function getAffectedRowsCount();

    abstract public function isTableExists($tableName);

    abstract public function isIndexExists($tableName, array $columns);

    abstract public function getTableFields($tableName);

    abstract public function dropTable($tableName);

    abstract public function startTransaction();

    abstract public function commitTransaction();

    abstract public function rollbackTransaction();

    public function lock($name, $timeout = 0)
    {
        return true;
    }

    public function unlock($name)
    {
        return true;
    }

    abstract public function getType();

    abstract public function getVersion();

    abstract public function getErrorMessage();

    public function getErrorCode()
    {
        return 0;
    }

    public function createQueryException($code = 0, $databaseMessage = '', $query = '')
    {
        return new SqlQueryException('Query error', $databaseMessage, $query);
    }

    abstract protected function createSqlHelper();

    abstract protected function queryInternal($sql, ?array $binds = null, ?\Bitrix\Main\Diag\SqlTrackerQuery $trackerQuery = null);

    abstract protected function createResult($result, ?\Bitrix\Main\Diag\SqlTrackerQuery $trackerQuery = null);

    abstract protected function disconnectInternal();
}
