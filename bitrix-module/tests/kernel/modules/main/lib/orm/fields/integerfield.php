<?php

namespace Bitrix\Main\ORM\Fields;

/** A whole number. */
class IntegerField extends ScalarField
{
    protected $size;

    public function configureSize($size)
    {
        $this->size = $size;
        return $this;
    }

    public function cast($value)
    {
        return $value === null ? null : (int)$value;
    }
}
