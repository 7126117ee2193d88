<?php

namespace Bitrix\Main\ORM\Objectify;

use Bitrix\Main\ORM\Entity;
use Bitrix\Main\SystemException;

/** A row as an object, as far as events carry it: the primary key and what was passed. */
class EntityObject implements \ArrayAccess
{
    protected ?Entity $entity = null;
    protected array $values = [];

    public function __construct($setDefaultValues = true)
    {
    }

    public function get($fieldName)
    {
        $this->entity->getField($fieldName);
        return $this->values[strtoupper($fieldName)] ?? null;
    }

    public function getId()
    {
        return $this->values['ID'] ?? null;
    }

    /** @throws SystemException where the field is not filled */
    public function require($fieldName)
    {
        return $this->values[strtoupper($fieldName)] ?? throw new SystemException("$fieldName value is required");
    }

    public function has($fieldName)
    {
        return array_key_exists(strtoupper($fieldName), $this->values);
    }

    public function isFilled($fieldName)
    {
        return $this->has($fieldName);
    }

    public function collectValues($valuesType = 0, $fieldsMask = 0, $recursive = false)
    {
        return $this->values;
    }

    public function sysGetEntity()
    {
        return $this->entity;
    }

    public function sysGetPrimary()
    {
        return array_intersect_key($this->values, array_flip($this->entity->getPrimaryArray()));
    }

    public function __call($name, $arguments)
    {
        $field = strtoupper((string)preg_replace('/(?<=[a-z0-9])(?=[A-Z])/', '_', substr($name, 3)));
        return str_starts_with($name, 'get') ? $this->get($field) : throw new SystemException("Unknown method `$name`");
    }

    public function offsetExists($offset): bool
    {
        return $this->has($offset);
    }

    #[\ReturnTypeWillChange]
    public function offsetGet($offset)
    {
        return $this->get($offset);
    }

    public function offsetSet($offset, $value): void
    {
        $this->values[strtoupper($offset)] = $value;
    }

    public function offsetUnset($offset): void
    {
        unset($this->values[strtoupper($offset)]);
    }
}
