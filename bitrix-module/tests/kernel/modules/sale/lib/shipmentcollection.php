<?php

namespace Bitrix\Sale;

use Aligate\Aliexpress\Tests\FakeKernel\Inner;
use Aligate\Aliexpress\Tests\FakeKernel\OrderSaving;
use Bitrix\Sale\Delivery\Services\Base;
use Bitrix\Sale\Internals\CollectableEntity;
use Bitrix\Sale\Internals\EntityCollection;
use Bitrix\Sale\Internals\ShipmentTable;

/** Shipments of an order; one of them is the system's own and holds what no other has. */
class ShipmentCollection extends EntityCollection
{
    private Order $order;

    public static function load(Order $order)
    {
        $collection = new static();
        $collection->order = $order;
        if (!$order->isNew()) {
            $rows = ShipmentTable::getList(['filter' => ['=ORDER_ID' => $order->getId()], 'order' => ['SYSTEM' => 'ASC', 'ID' => 'ASC']])->fetchAll();
            foreach ($rows as $row) {
                $collection->addItem(Inner::make(Shipment::class, 'loadFrom', $row));
            }
        }
        return $collection;
    }

    public function getOrder()
    {
        return $this->order;
    }

    public function getSystemShipment()
    {
        foreach ($this->collection as $shipment) {
            if ($shipment->isSystem()) {
                return $shipment;
            }
        }
        return $this->make('Y', null);
    }

    public function createItem(?Base $delivery = null)
    {
        $this->getSystemShipment();
        return $this->make('N', $delivery);
    }

    private function make(string $system, ?Base $delivery): Shipment
    {
        $shipment = Inner::make(Shipment::class, 'blank', $this->order->getCurrency(), $system);
        $this->addItem($shipment);
        $delivery === null || $shipment->setDeliveryService($delivery);
        return $shipment;
    }

    public function getNotSystemItems()
    {
        return new \ArrayIterator(array_values(array_filter($this->collection, static fn (Shipment $one): bool => !$one->isSystem())));
    }

    public function isShipped()
    {
        return $this->allAre(static fn (Shipment $one): bool => $one->isShipped());
    }

    public function isAllowDelivery()
    {
        return $this->allAre(static fn (Shipment $one): bool => $one->isAllowDelivery());
    }

    private function allAre(\Closure $test): bool
    {
        $shipments = iterator_to_array($this->getNotSystemItems());
        return $shipments !== [] && array_filter($shipments, $test) === $shipments;
    }

    private function hasShippedOne(): bool
    {
        return array_filter($this->collection, static fn (Shipment $one): bool => $one->isShipped()) !== [];
    }

    public function allowDelivery()
    {
        $result = new Result();
        foreach ($this->getNotSystemItems() as $shipment) {
            $one = $shipment->allowDelivery();
            $one->isSuccess() || $result->addErrors($one->getErrors());
        }
        return $result;
    }

    public function getPriceDelivery()
    {
        return (float)array_sum(array_map(static fn (Shipment $one): float => $one->getPrice(), $this->collection));
    }

    public function calculateDelivery()
    {
        return new Result();
    }

    public function onItemModify(CollectableEntity $item, $name = null, $oldValue = null, $value = null)
    {
        if (in_array($name, ['PRICE_DELIVERY', 'ALLOW_DELIVERY', 'DEDUCTED'], true)) {
            Inner::call($this->order, 'recount');
        } elseif ($name === 'TRACKING_NUMBER' && !$item->isSystem()) {
            $this->order->setFieldNoDemand('TRACKING_NUMBER', $value);
        }
        return new Result();
    }

    /** The only shipment follows the basket's quantity. */
    private function follow(BasketItem $item): void
    {
        $shipments = iterator_to_array($this->getNotSystemItems());
        if (count($shipments) === 1 && !$shipments[0]->isShipped()) {
            $line = $shipments[0]->getShipmentItemCollection()->getItemByBasketId($item->getId());
            $line?->setQuantity($item->getQuantity());
        }
    }

    private function forget(BasketItem $item): void
    {
        foreach ($this->getNotSystemItems() as $shipment) {
            $line = $shipment->getShipmentItemCollection()->getItemByBasketId($item->getId());
            if ($line !== null) {
                $line->getReservedQuantity() > 0 && OrderSaving::tell($shipment, 'OnSaleBeforeShipmentReserve', ['VALUE' => 'N']);
                $line->delete();
            }
        }
    }

    private function tellOfReserves(string $value): void
    {
        foreach ($this->getNotSystemItems() as $shipment) {
            OrderSaving::tell($shipment, 'OnSaleBeforeShipmentReserve', ['VALUE' => $value]);
        }
    }
}
