<?php

namespace Bitrix\Main;

/** Whether it went well, and what came out. */
class Result
{
    protected $isSuccess = true;
    protected $errors;
    protected $data = [];

    public function __construct()
    {
        $this->errors = new ErrorCollection();
    }

    public function __clone()
    {
        $this->errors = clone $this->errors;
    }

    public function isSuccess()
    {
        return $this->isSuccess;
    }

    public function addError(Error $error)
    {
        $this->isSuccess = false;
        $this->errors[] = $error;
        return $this;
    }

    public function getError(): ?Error
    {
        foreach ($this->errors as $error) {
            return $error;
        }
        return null;
    }

    public function getErrors()
    {
        return $this->errors->toArray();
    }

    public function getErrorCollection()
    {
        return $this->errors;
    }

    public function getErrorMessages()
    {
        return array_map(static fn (Error $error) => $error->getMessage(), $this->getErrors());
    }

    public function addErrors(array $errors)
    {
        foreach ($errors as $error) {
            $this->addError($error);
        }
        return $this;
    }

    public function setData(array $data)
    {
        $this->data = $data;
        return $this;
    }

    public function getData()
    {
        return $this->data;
    }
}
