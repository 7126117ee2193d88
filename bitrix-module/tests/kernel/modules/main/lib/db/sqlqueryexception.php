<?php

namespace Bitrix\Main\DB;

/** A statement failed; the database's message starts with its number in parentheses. */
class SqlQueryException extends SqlException
{
    protected $query;

    public function __construct($message = "", $databaseMessage = "", $query = "", ?\Throwable $previous = null)
    {
        parent::__construct($message, $databaseMessage, $previous);
        $this->query = $query;
    }

    public function getQuery()
    {
        return $this->query;
    }
}
