<?php

namespace Bitrix\Main\Type;

/** Values by name. */
class Dictionary implements \ArrayAccess, \Iterator, \Countable, \JsonSerializable
{
    protected $values = [];

    public function __construct(?array $values = null)
    {
        $this->values = $values ?? [];
    }

    public function get($name)
    {
        return $this->values[$name] ?? null;
    }

    public function set($name, $value = null)
    {
        is_array($name) ? $this->values = $name : $this[$name] = $value;
    }

    public function getValues()
    {
        return $this->values;
    }

    public function clear()
    {
        $this->values = [];
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

    public function offsetExists($offset): bool
    {
        return isset($this->values[$offset]) || array_key_exists($offset, $this->values);
    }

    #[\ReturnTypeWillChange]
    public function offsetGet($offset)
    {
        return $this->values[$offset] ?? null;
    }

    #[\ReturnTypeWillChange]
    public function offsetSet($offset, $value)
    {
        $offset === null ? $this->values[] = $value : $this->values[$offset] = $value;
    }

    public function offsetUnset($offset): void
    {
        unset($this->values[$offset]);
    }

    public function count(): int
    {
        return count($this->values);
    }

    public function toArray()
    {
        return $this->values;
    }

    public function isEmpty()
    {
        return $this->values === [];
    }

    #[\ReturnTypeWillChange]
    public function jsonSerialize()
    {
        return $this->values;
    }
}
