<?php

/** What `$APPLICATION->ThrowException` keeps. */
class CApplicationException
{
    public $msg;
    public $id;

    public function __construct($msg, $id = false)
    {
        $this->msg = $msg;
        $this->id = $id;
    }

    public function GetString()
    {
        return $this->msg;
    }

    public function GetID()
    {
        return $this->id;
    }

    public function __toString()
    {
        return (string)$this->msg;
    }
}
