<?php

namespace Bitrix\Main\ORM;

/** A handler's word on a table's event. */
class EventResult extends \Bitrix\Main\EventResult
{
    protected $errors = [];
    protected $modified = [];
    protected $unset = [];

    public function __construct()
    {
        parent::__construct(self::SUCCESS);
    }

    public function setErrors(array $errors)
    {
        $this->type = $errors === [] ? self::SUCCESS : self::ERROR;
        $this->errors = $errors;
    }

    public function addError(EntityError $error)
    {
        $this->type = self::ERROR;
        $this->errors[] = $error;
    }

    public function getErrors()
    {
        return $this->errors;
    }

    public function modifyFields(array $fields)
    {
        $this->modified = $fields;
    }

    public function getModified()
    {
        return $this->modified;
    }

    public function unsetFields(array $fields)
    {
        $this->unset = $fields;
    }

    public function getUnset()
    {
        return $this->unset;
    }
}
