<?php

namespace Bitrix\Main;

/** Thrown under the kernel's name; carries a message alone. */
class ObjectNotFoundException extends SystemException
{
    public function __construct($message = "", ?\Throwable $previous = null)
    {
        parent::__construct($message, 140, '', 0, $previous);
    }
}
