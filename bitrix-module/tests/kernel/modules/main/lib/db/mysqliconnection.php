<?php

namespace Bitrix\Main\DB;

/** A connection through mysqli: to the MariaDB that the tests started. */
class MysqliConnection extends MysqlCommonConnection
{
    protected function connectInternal()
    {
        mysqli_report(MYSQLI_REPORT_OFF);
        $link = mysqli_init();
        $of = $this->configuration;
        $done = @$link->real_connect($of['host'] ?? null, $of['login'], $of['password'] ?? '', $of['database'], 0, $of['socket'] ?? null);
        if (!$done) {
            throw new ConnectionException('Mysql connect error', "($link->connect_errno) $link->connect_error");
        }
        $link->set_charset('utf8mb4');
        $link->query("SET sql_mode = ''");
        $this->resource = $link;
        $this->isConnected = true;
    }

    protected function disconnectInternal()
    {
        if ($this->isConnected) {
            $this->isConnected = false;
            $this->resource->close();
            $this->transactionLevel = 0;
        }
    }

    protected function queryInternal($sql, ?array $binds = null, ?\Bitrix\Main\Diag\SqlTrackerQuery $trackerQuery = null)
    {
        $this->connect();
        $result = $this->resource->query($sql);
        if ($result === false) {
            throw $this->createQueryException($this->getErrorCode(), $this->getErrorMessage(), $sql);
        }
        return $result;
    }

    protected function createResult($result, ?\Bitrix\Main\Diag\SqlTrackerQuery $trackerQuery = null)
    {
        return new MysqliResult($result, $this, $trackerQuery);
    }

    protected function createSqlHelper()
    {
        return new MysqliSqlHelper($this);
    }

    public function getInsertedId()
    {
        return $this->getResource()->insert_id;
    }

    public function getAffectedRowsCount()
    {
        return $this->getResource()->affected_rows;
    }

    public function getVersion()
    {
        $version = (string)$this->queryScalar('SELECT VERSION()');
        preg_match('/^\d+(\.\d+)*/', $version, $found);
        return [$found[0] ?? $version, null];
    }

    public function getErrorMessage()
    {
        return sprintf('(%s) %s', $this->resource->errno, $this->resource->error);
    }

    public function getErrorCode()
    {
        return $this->resource->errno;
    }

    public function createQueryException($code = 0, $databaseMessage = '', $query = '')
    {
        return (int)$code === 1062
            ? new DuplicateEntryException('Mysql query error', $databaseMessage, $query)
            : new SqlQueryException('Mysql query error', $databaseMessage, $query);
    }
}
