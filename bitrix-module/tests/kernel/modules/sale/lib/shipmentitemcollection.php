<?php

namespace Bitrix\Sale;

use Aligate\Aliexpress\Tests\FakeKernel\Inner;
use Bitrix\Sale\Internals\EntityCollection;
use Bitrix\Sale\Internals\ShipmentItemTable;

/** What lies in a parcel. */
class ShipmentItemCollection extends EntityCollection
{
    private Shipment $shipment;

    private static function of(Shipment $shipment): self
    {
        $collection = new static();
        $collection->shipment = $shipment;
        $basket = $shipment->getOrder()->getBasket();
        $rows = $shipment->getId() === 0 || $basket === null ? [] : ShipmentItemTable::getList(['filter' => ['=ORDER_DELIVERY_ID' => $shipment->getId()], 'order' => ['ID' => 'ASC']])->fetchAll();
        foreach ($rows as $row) {
            $item = $basket->getItemById($row['BASKET_ID']);
            $item === null || $collection->addItem(Inner::make(ShipmentItem::class, 'of', $row, $item));
        }
        return $collection;
    }

    public function getShipment()
    {
        return $this->shipment;
    }

    public function createItem(BasketItem $basketItem)
    {
        $item = Inner::make(ShipmentItem::class, 'of', ['RESERVED_QUANTITY' => 0, 'XML_ID' => uniqid('bx_')], $basketItem);
        return $this->addItem($item);
    }

    public function getItemByBasketCode($itemCode)
    {
        foreach ($this->collection as $item) {
            if ((string)$item->getBasketItem()->getBasketCode() === (string)$itemCode) {
                return $item;
            }
        }
        return null;
    }

    public function getItemByBasketId($itemId)
    {
        foreach ($this->collection as $item) {
            if ($item->getBasketItem()->getId() === (int)$itemId) {
                return $item;
            }
        }
        return null;
    }
}
