<?php

namespace Bitrix\Main\ORM\Fields;

/** A field that can be read from the database. */
interface IReadable
{
    public function cast($value);

    public function convertValueFromDb($value);

    public function convertValueToDb($value);
}
