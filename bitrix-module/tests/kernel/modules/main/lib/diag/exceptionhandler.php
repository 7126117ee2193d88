<?php

namespace Bitrix\Main\Diag;

use Aligate\Aliexpress\Tests\FakeKernel\ErrorLog;

/** Keeps exceptions for the test; a process of its own writes them to PHP's log too. */
class ExceptionHandler
{
    public function writeToLog($exception, $logType = null)
    {
        ErrorLog::add($exception);
        if (!defined('ALIGATE_FAKE_KERNEL_IN_PHPUNIT')) {
            error_log($exception->getMessage() . ' in ' . $exception->getFile() . ':' . $exception->getLine());
        }
    }
}
