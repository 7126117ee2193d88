<?php

namespace Bitrix\Main;

/** An argument that cannot be used. */
class ArgumentException extends SystemException
{
    protected $parameter;

    public function __construct($message = "", $parameter = "", ?\Throwable $previous = null)
    {
        parent::__construct($message, 100, '', 0, $previous);
        $this->parameter = $parameter;
    }

    public function getParameter()
    {
        return $this->parameter;
    }
}
