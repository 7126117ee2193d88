<?php

namespace Bitrix\Main;

/** An argument outside its range, such as an unknown field name of an order. */
class ArgumentOutOfRangeException extends ArgumentException
{
    public function __construct($parameter, $lowerLimit = null, $upperLimit = null, ?\Throwable $previous = null)
    {
        parent::__construct("The value of an argument '$parameter' is outside the allowable range", $parameter, $previous);
    }
}
