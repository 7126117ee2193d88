<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ArgumentOutOfRangeException;
use Bitrix\Sale\Result;

/** Something of an order: fields that tell when they change. */
abstract class Entity
{
    protected $fields;

    protected function __construct(array $fields = array())
    {
        $this->fields = new Fields($fields);
    }

    public static function getAvailableFields()
    {
        return [];
    }

    public function getField($name)
    {
        return $this->fields->get($name);
    }

    /** @throws ArgumentOutOfRangeException of a name that is not among the available ones */
    public function setField($name, $value)
    {
        if (!in_array($name, static::getAvailableFields(), true)) {
            throw new ArgumentOutOfRangeException("name=$name");
        }
        $old = $this->fields->get($name);
        if ($old === $value || ($old !== null && $value !== null && (string)$old === (string)$value && !is_float($value))) {
            return new Result();
        }
        $result = $this->checkValueBeforeSet($name, $value);
        if (!$result->isSuccess()) {
            return $result;
        }
        $this->fields->set($name, $value);
        $modified = $this->onFieldModify($name, $old, $value);
        $modified->isSuccess() || $result->addErrors($modified->getErrors());
        $result->addWarnings($modified->getWarnings());
        return $result;
    }

    public function setFields(array $values)
    {
        $result = new Result();
        foreach ($values as $name => $value) {
            $one = $this->setField($name, $value);
            $one->isSuccess() || $result->addErrors($one->getErrors());
            $result->addWarnings($one->getWarnings());
        }
        return $result;
    }

    public function setFieldNoDemand($name, $value)
    {
        $this->fields->set($name, $value);
    }

    public function setFieldsNoDemand(array $values)
    {
        $this->fields->setValues($values);
    }

    public function initField($name, $value)
    {
        $this->fields[$name] = $value;
        $this->fields->clearChanged();
    }

    public function initFields(array $values)
    {
        $this->fields = new Fields($values);
    }

    protected function checkValueBeforeSet($name, $value)
    {
        return new Result();
    }

    protected function onFieldModify($name, $oldValue, $value)
    {
        return new Result();
    }

    public function getFieldValues()
    {
        return $this->fields->getValues();
    }

    public function getFields()
    {
        return $this->fields;
    }

    public function getId()
    {
        return (int)$this->getField('ID');
    }

    public function isChanged()
    {
        return $this->fields->getOriginalValues() !== [];
    }

    public function clearChanged()
    {
        $this->fields->clearChanged();
    }
}
