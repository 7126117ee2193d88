<?php

namespace Bitrix\Main\DB;

/** A transaction ended in a way that the kernel does not support. */
class TransactionException extends SqlException
{
    public function __construct($message = '', ?\Throwable $previous = null)
    {
        parent::__construct($message, '', $previous);
    }
}
