<?php

namespace Bitrix\Main;

/** The root of the kernel's own exceptions. */
class SystemException extends \Exception
{
    public function __construct($message = "", $code = 0, $file = "", $line = 0, ?\Throwable $previous = null)
    {
        parent::__construct($message, $code, $previous);
        if ($file !== "" && $line !== 0) {
            $this->file = $file;
            $this->line = $line;
        }
    }
}
