<?php

namespace Bitrix\Sale;

use Bitrix\Sale\Internals\CollectableEntity;

/** The value of a property of an order. */
class PropertyValue extends CollectableEntity
{
    private array $property = [];

    public static function getAvailableFields()
    {
        return ['VALUE', 'NAME', 'CODE', 'XML_ID', 'ORDER_PROPS_ID', 'ENTITY_TYPE', 'ENTITY_ID', 'ORDER_ID'];
    }

    private static function of(array $property, ?array $row): self
    {
        $value = new static($row ?? []);
        $value->property = $property;
        if ($row === null) {
            $value->setFieldsNoDemand(['ORDER_PROPS_ID' => $property['ID'], 'NAME' => $property['NAME'], 'CODE' => $property['CODE'], 'XML_ID' => uniqid('bx_'), 'ENTITY_TYPE' => 'ORDER']);
        }
        return $value;
    }

    public function getProperty(): array
    {
        return $this->property;
    }

    public function getPropertyId()
    {
        return $this->property['ID'];
    }

    public function getName()
    {
        return $this->getField('NAME');
    }

    public function getOrder(): ?Order
    {
        return $this->collection->getOrder();
    }

    public function setValue($value)
    {
        $this->setField('VALUE', $value);
    }

    public function getValue()
    {
        return $this->getField('VALUE');
    }
}
