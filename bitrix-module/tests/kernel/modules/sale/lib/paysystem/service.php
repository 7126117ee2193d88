<?php

namespace Bitrix\Sale\PaySystem;

/** A pay system. */
class Service
{
    private $fields;

    public function __construct($fields)
    {
        $this->fields = $fields;
    }

    public function getField($name)
    {
        return $this->fields[$name] ?? null;
    }

    public function getFieldsValues()
    {
        return $this->fields;
    }

    public function isCheckable()
    {
        return $this->getField('CAN_PRINT_CHECK') === 'Y';
    }
}
