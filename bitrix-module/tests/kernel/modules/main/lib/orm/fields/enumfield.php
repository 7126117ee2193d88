<?php

namespace Bitrix\Main\ORM\Fields;

/** One of several values. */
class EnumField extends ScalarField
{
    protected $values = [];

    public function __construct($name, $parameters = array())
    {
        parent::__construct($name, $parameters);
        $this->values = $parameters['values'] ?? [];
    }

    public function configureValues($values)
    {
        $this->values = $values;
        return $this;
    }

    public function getValues()
    {
        return $this->values;
    }
}
