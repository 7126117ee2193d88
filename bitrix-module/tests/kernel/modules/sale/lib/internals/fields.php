<?php

namespace Bitrix\Sale\Internals;

/** Values of an entity, and what they were before they changed. */
class Fields implements \ArrayAccess, \Iterator, \Countable
{
    protected $values;
    protected $originalValues = [];

    public function __construct(?array $values = null)
    {
        $this->values = $values ?? [];
    }

    public function get($name)
    {
        return $this->values[$name] ?? null;
    }

    public function set($name, $value)
    {
        $old = $this->values[$name] ?? null;
        if (array_key_exists($name, $this->values) && $old === $value) {
            return false;
        }
        array_key_exists($name, $this->originalValues) || $this->originalValues[$name] = $old;
        $this->values[$name] = $value;
        return true;
    }

    public function isChanged($name)
    {
        return array_key_exists($name, $this->originalValues);
    }

    public function getValues()
    {
        return $this->values;
    }

    public function setValues(array $values)
    {
        foreach ($values as $name => $value) {
            $this->set($name, $value);
        }
    }

    public function getOriginalValues()
    {
        return $this->originalValues;
    }

    public function getChangedKeys()
    {
        return array_keys($this->originalValues);
    }

    public function getChangedValues()
    {
        return array_intersect_key($this->values, $this->originalValues);
    }

    public function clearChanged()
    {
        $this->originalValues = [];
    }

    public function clear()
    {
        $this->values = [];
        $this->clearChanged();
    }

    public function offsetExists($offset): bool
    {
        return isset($this->values[$offset]);
    }

    #[\ReturnTypeWillChange]
    public function offsetGet($offset)
    {
        return $this->get($offset);
    }

    public function offsetSet($offset, $value): void
    {
        $this->set($offset, $value);
    }

    public function offsetUnset($offset): void
    {
        unset($this->values[$offset]);
    }

    #[\ReturnTypeWillChange]
    public function current()
    {
        return current($this->values);
    }

    public function next(): void
    {
        next($this->values);
    }

    #[\ReturnTypeWillChange]
    public function key()
    {
        return key($this->values);
    }

    public function valid(): bool
    {
        return key($this->values) !== null;
    }

    public function rewind(): void
    {
        reset($this->values);
    }

    public function count(): int
    {
        return count($this->values);
    }
}
