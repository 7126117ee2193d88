<?php

namespace Bitrix\Main\ORM;

/** A fault of a row as a whole. */
class EntityError extends \Bitrix\Main\Error
{
    public function __construct($message, $code = 'BX_ERROR')
    {
        parent::__construct($message, $code);
    }
}
