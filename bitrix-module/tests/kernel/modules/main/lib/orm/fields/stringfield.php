<?php

namespace Bitrix\Main\ORM\Fields;

/** A line of text. */
class StringField extends ScalarField
{
    protected $size;

    public function configureSize($size)
    {
        $this->size = $size;
        return $this;
    }

    public function getSize()
    {
        return $this->size;
    }
}
