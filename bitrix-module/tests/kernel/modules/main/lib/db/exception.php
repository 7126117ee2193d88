<?php

namespace Bitrix\Main\DB;

/** The database refused. */
class Exception extends \Bitrix\Main\SystemException
{
    protected $databaseMessage;

    public function __construct($message = "", $databaseMessage = "", ?\Throwable $previous = null)
    {
        if ($message !== "" && $databaseMessage !== "") {
            $message .= ": " . $databaseMessage;
        }
        parent::__construct($message, 400, '', 0, $previous);
        $this->databaseMessage = $databaseMessage;
    }

    public function getDatabaseMessage()
    {
        return $this->databaseMessage;
    }
}
