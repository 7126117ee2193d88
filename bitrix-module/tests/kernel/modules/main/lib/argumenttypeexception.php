<?php

namespace Bitrix\Main;

/** An argument of a wrong type. */
class ArgumentTypeException extends ArgumentException
{
    public function __construct($parameter, $requiredType = "", ?\Throwable $previous = null)
    {
        parent::__construct("The value of an argument '$parameter' must be of type $requiredType", $parameter, $previous);
    }
}
