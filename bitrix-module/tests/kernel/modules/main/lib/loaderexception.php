<?php

namespace Bitrix\Main;

/** A module that is required is not installed. */
class LoaderException extends \Exception
{
    public function __construct($message = "", $code = 0, ?\Exception $previous = null)
    {
        parent::__construct($message, $code, $previous);
    }
}
