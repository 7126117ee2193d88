<?php

namespace Bitrix\Main\Diag;

/** Writes exceptions to PHP's error log. */
class ExceptionHandler
{
    public function writeToLog($exception, $logType = null)
    {
        error_log($exception->getMessage() . ' in ' . $exception->getFile() . ':' . $exception->getLine());
    }
}
