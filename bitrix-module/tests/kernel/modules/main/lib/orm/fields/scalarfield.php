<?php

namespace Bitrix\Main\ORM\Fields;

/** A column. */
abstract class ScalarField extends Field implements IStorable
{
    protected $isPrimary;
    protected $isRequired;
    protected $isAutocomplete;
    protected $isNullable = false;
    protected $columnName;
    protected $defaultValue;

    public function __construct($name, $parameters = array())
    {
        parent::__construct($name, $parameters);
        $this->isPrimary = (bool)($parameters['primary'] ?? false);
        $this->isRequired = (bool)($parameters['required'] ?? false);
        $this->isAutocomplete = (bool)($parameters['autocomplete'] ?? false);
        $this->columnName = $parameters['column_name'] ?? $name;
        $this->defaultValue = $parameters['default_value'] ?? null;
    }

    public function configurePrimary($value = true)
    {
        $this->isPrimary = (bool)$value;
        return $this;
    }

    public function isPrimary()
    {
        return $this->isPrimary;
    }

    public function configureRequired($value = true)
    {
        $this->isRequired = (bool)$value;
        return $this;
    }

    public function isRequired()
    {
        return $this->isRequired;
    }

    public function configureAutocomplete($value = true)
    {
        $this->isAutocomplete = (bool)$value;
        return $this;
    }

    public function isAutocomplete()
    {
        return $this->isAutocomplete;
    }

    public function configureNullable($value = true)
    {
        $this->isNullable = (bool)$value;
        return $this;
    }

    public function isNullable()
    {
        return $this->isNullable;
    }

    public function configureColumnName($value)
    {
        $this->columnName = $value;
        return $this;
    }

    public function getColumnName()
    {
        return $this->columnName;
    }

    public function configureDefaultValue($value)
    {
        $this->defaultValue = $value;
        return $this;
    }

    public function getDefaultValue($row = null)
    {
        return is_callable($this->defaultValue) && !is_string($this->defaultValue) ? call_user_func($this->defaultValue, $row) : $this->defaultValue;
    }

    public function isValueEmpty($value)
    {
        return $value === null || (is_string($value) && $value === '');
    }

    public function cast($value)
    {
        return $value;
    }

    public function convertValueFromDb($value)
    {
        return $value;
    }

    public function convertValueToDb($value)
    {
        return $this->entity->getConnection()->getSqlHelper()->convertToDb($value, $this);
    }
}
