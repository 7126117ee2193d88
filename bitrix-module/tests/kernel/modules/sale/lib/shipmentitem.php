<?php

namespace Bitrix\Sale;

use Bitrix\Sale\Internals\CollectableEntity;

/** Pieces of a line in a parcel. */
class ShipmentItem extends CollectableEntity
{
    private BasketItem $basketItem;

    public static function getAvailableFields()
    {
        return ['QUANTITY', 'RESERVED_QUANTITY', 'XML_ID', 'BASKET_ID', 'ORDER_DELIVERY_ID', 'DATE_INSERT'];
    }

    private static function of(array $row, BasketItem $basketItem): self
    {
        $item = new static($row);
        $item->basketItem = $basketItem;
        return $item;
    }

    public function getBasketItem()
    {
        return $this->basketItem;
    }

    public function getBasketId()
    {
        return $this->basketItem->getId();
    }

    public function getQuantity()
    {
        return (float)$this->getField('QUANTITY');
    }

    public function getReservedQuantity()
    {
        return (float)$this->getField('RESERVED_QUANTITY');
    }

    public function setQuantity($quantity)
    {
        return $this->setField('QUANTITY', (float)$quantity);
    }

    public function isChanged()
    {
        return $this->getId() === 0 || parent::isChanged();
    }
}
