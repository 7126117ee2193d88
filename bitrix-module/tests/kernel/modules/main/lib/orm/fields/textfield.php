<?php

namespace Bitrix\Main\ORM\Fields;

/** A text. */
class TextField extends StringField
{
    protected $long = false;

    public function configureLong($long = true)
    {
        $this->long = $long;
        return $this;
    }
}
