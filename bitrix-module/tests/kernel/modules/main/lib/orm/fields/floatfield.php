<?php

namespace Bitrix\Main\ORM\Fields;

/** A number. */
class FloatField extends ScalarField
{
    protected $scale;

    public function configureScale($scale)
    {
        $this->scale = $scale;
        return $this;
    }

    public function cast($value)
    {
        return $value === null ? null : (float)$value;
    }
}
