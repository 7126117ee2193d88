<?php

namespace Bitrix\Main;

/** A required argument is missing. */
class ArgumentNullException extends ArgumentException
{
    public function __construct($parameter, ?\Throwable $previous = null)
    {
        parent::__construct("Argument '$parameter' is null or empty", $parameter, $previous);
    }
}
