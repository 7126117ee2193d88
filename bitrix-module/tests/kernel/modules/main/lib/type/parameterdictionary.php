<?php

namespace Bitrix\Main\Type;

/** Parameters of a request: read only. */
class ParameterDictionary extends Dictionary
{
    public function getRaw($name)
    {
        return $this->values[$name] ?? null;
    }

    public function toArrayRaw()
    {
        return $this->values;
    }

    /** @throws \Bitrix\Main\NotSupportedException always */
    #[\ReturnTypeWillChange]
    public function offsetSet($offset, $value)
    {
        throw new \Bitrix\Main\NotSupportedException('Can not set readonly value');
    }

    /** @throws \Bitrix\Main\NotSupportedException always */
    public function offsetUnset($offset): void
    {
        throw new \Bitrix\Main\NotSupportedException('Can not unset readonly value');
    }
}
