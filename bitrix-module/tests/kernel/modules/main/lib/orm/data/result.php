<?php

namespace Bitrix\Main\ORM\Data;

/** What became of a row. */
abstract class Result extends \Bitrix\Main\Result
{
    protected $object;

    public function getObject()
    {
        return $this->object;
    }

    public function setObject($object)
    {
        $this->object = $object;
    }

    public function isSuccess($internalCall = false)
    {
        return parent::isSuccess();
    }
}
