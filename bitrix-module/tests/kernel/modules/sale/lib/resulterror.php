<?php

namespace Bitrix\Sale;

use Bitrix\Main\Error;

/** An error of `sale`. */
class ResultError extends \Bitrix\Main\ORM\EntityError
{
    public static function create(Error $error)
    {
        return new static($error->getMessage(), $error->getCode());
    }
}
