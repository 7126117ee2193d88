<?php

namespace Bitrix\Main;

/** A property that the object does not have. */
class ObjectPropertyException extends ArgumentException
{
    public function __construct($parameter = "", ?\Throwable $previous = null)
    {
        parent::__construct("Object property '$parameter' not found.", $parameter, $previous);
    }
}
