<?php

namespace Bitrix\Main\ORM\Fields;

/** One of two values, usually `N` and `Y`. */
class BooleanField extends ScalarField
{
    protected $values = [false, true];

    public function __construct($name, $parameters = array())
    {
        parent::__construct($name, $parameters);
        $this->values = $parameters['values'] ?? $this->values;
    }

    public function configureValues($falseValue, $trueValue)
    {
        $this->values = [$falseValue, $trueValue];
        return $this;
    }

    public function getValues()
    {
        return $this->values;
    }

    /** `true` stands for the second value, as for the kernel. */
    public function convertValueToDb($value)
    {
        return parent::convertValueToDb(is_bool($value) && !is_bool($this->values[0]) ? $this->values[(int)$value] : $value);
    }
}
