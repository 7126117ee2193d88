<?php

namespace Bitrix\Main;

use Bitrix\Main\Type\Dictionary;

/** Errors in the order they came. */
class ErrorCollection extends Dictionary
{
    public function __construct(?array $values = null)
    {
        parent::__construct();
        $this->add($values ?? []);
    }

    public function add(array $errors)
    {
        foreach ($errors as $error) {
            $this->setError($error);
        }
    }

    public function getErrorByCode($code)
    {
        foreach ($this->values as $error) {
            if ($error->getCode() === $code) {
                return $error;
            }
        }
        return null;
    }

    public function setError(Error $error, $offset = null)
    {
        $offset === null ? $this->values[] = $error : $this->values[$offset] = $error;
    }

    #[\ReturnTypeWillChange]
    public function offsetSet($offset, $value)
    {
        $this->setError($value, $offset);
    }
}
