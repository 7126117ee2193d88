<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Main\Event;
use Bitrix\Main\EventResult;
use Bitrix\Main\Type\DateTime;
use Bitrix\Sale\Basket;
use Bitrix\Sale\BasketItem;
use Bitrix\Sale\EntityMarker;
use Bitrix\Sale\Internals\BasketTable;
use Bitrix\Sale\Internals\Entity;
use Bitrix\Sale\Internals\EventsPool;
use Bitrix\Sale\Internals\OrderPropsValueTable;
use Bitrix\Sale\Internals\OrderTable;
use Bitrix\Sale\Internals\PaymentTable;
use Bitrix\Sale\Internals\ShipmentItemTable;
use Bitrix\Sale\Internals\ShipmentTable;
use Bitrix\Sale\Notify;
use Bitrix\Sale\Order;
use Bitrix\Sale\Payment;
use Bitrix\Sale\PropertyValue;
use Bitrix\Sale\Result;
use Bitrix\Sale\ResultError;
use Bitrix\Sale\Shipment;
use Bitrix\Sale\ShipmentItem;

/**
 * One `save()` of an order, in the order that was observed: stock before the order's row; basket, properties, shipments
 * and payments after it; `OnSaleOrderSaved` when all is written, the delayed events of the order last.
 *
 * No transaction is opened. What goes wrong with a part is a warning of the result.
 */
final class OrderSaving
{
    private const MAILS = ['OnSaleOrderPaid' => 'OnOrderPaySendEmail', 'OnSaleOrderCanceled' => 'OnOrderCancelSendEmail', 'OnSaleStatusOrderChange' => 'OnOrderStatusSendEmail',
        'OnShipmentAllowDelivery' => 'OnOrderDeliverSendEmail', 'OnShipmentTrackingNumberChange' => 'OnShipmentTrackingNumberChange'];

    private readonly Result $result;
    private readonly Stock $stock;
    private readonly bool $isNew;

    public function __construct(private readonly Order $order, private readonly ?Basket $basket)
    {
        $this->result = new Result();
        $this->stock = new Stock($order, $basket, $this->result);
        $this->isNew = $order->isNew();
    }

    /** Who is at work; null without a user. */
    public static function userId(): ?string
    {
        global $USER;
        return is_object($USER) ? $USER->GetID() : null;
    }

    /** How many pieces a line may have, with those that it holds already. */
    public static function available(array $product, float $held): float
    {
        return Stock::isTraced($product) ? (float)$product['QUANTITY'] + $held : INF;
    }

    public static function tell(Entity $entity, string $event, array $parameters): Event
    {
        $told = new Event('sale', $event, ['ENTITY' => $entity] + $parameters);
        $told->send();
        return $told;
    }

    public static function takeErrors(Event $event, Result $result): void
    {
        foreach ($event->getResults() as $one) {
            if ($one->getType() === EventResult::ERROR) {
                $error = $one->getParameters();
                $result->addError($error instanceof ResultError ? $error : new ResultError('A handler refused.', 'SALE_EVENT_ON_BEFORE'));
            }
        }
    }

    public function save(): Result
    {
        $order = $this->order;
        $isChanged = $order->isChanged();
        self::takeErrors(self::tell($order, 'OnSaleOrderBeforeSaved', ['VALUES' => $order->getFields()->getOriginalValues()]), $this->result);
        if (!$this->result->isSuccess()) {
            return $this->result;
        }
        $this->stock->apply();
        if ($isChanged || $order->isChanged()) {
            $this->writeOrder();
            self::tell($order, 'OnSaleOrderEntitySaved', ['VALUES' => $order->getFields()->getOriginalValues()]);
        }
        $this->basket === null || $this->writeBasket($this->basket);
        foreach ($order->getPropertyCollection() as $value) {
            $this->writeProperty($value);
        }
        $this->writeShipments();
        foreach ($order->getPaymentCollection() as $payment) {
            $this->writePayment($payment);
        }
        EntityMarker::saveMarkers($order);
        $last = ['RUNNING' => 'N'] + ($isChanged ? ['DATE_UPDATE' => new DateTime()] : []);
        OrderTable::update($order->getId(), $last);
        $isChanged && $order->setFieldNoDemand('DATE_UPDATE', $last['DATE_UPDATE']);
        $values = $order->getFields()->getOriginalValues();
        $this->result->setId($order->getId());
        $event = new Event('sale', 'OnSaleOrderSaved', ['ENTITY' => $order, 'IS_NEW' => $this->isNew, 'IS_CHANGED' => $isChanged, 'VALUES' => $isChanged ? $values : []]);
        $event->send();
        $this->isNew && Notify::callNotify($order, 'OnOrderNewSendEmail');
        $this->clear();
        return $this->result;
    }

    private function clear(): void
    {
        $this->order->clearChanged();
        foreach ([$this->basket, $this->order->getShipmentCollection(), $this->order->getPaymentCollection(), $this->order->getPropertyCollection()] as $part) {
            $part?->clearChanged();
        }
    }

    private function writeOrder(): void
    {
        $order = $this->order;
        if ($this->isNew) {
            $now = new DateTime();
            $order->setFieldsNoDemand(['DATE_UPDATE' => $now, 'DATE_INSERT' => $order->getField('DATE_INSERT') ?? $now, 'CREATED_BY' => self::userId()]);
            $fields = array_filter($order->getFieldValues(), static fn ($value): bool => $value !== null);
            $added = OrderTable::add(self::known(OrderTable::class, $fields) + ['RUNNING' => 'Y', 'VERSION' => 1]);
            if (!$added->isSuccess()) {
                $this->result->addErrors($added->getErrors());
                throw new \Bitrix\Main\SystemException(implode(' ', $added->getErrorMessages()));
            }
            $order->setFieldNoDemand('ID', $added->getId());
            OrderTable::update($added->getId(), ['ACCOUNT_NUMBER' => $added->getId()]);
            $order->setFieldNoDemand('ACCOUNT_NUMBER', (string)$added->getId());
            $order->setFieldNoDemand('VERSION', 1);
            return;
        }
        $order->setFieldNoDemand('VERSION', (int)$order->getField('VERSION') + 1);
        OrderTable::update($order->getId(), self::known(OrderTable::class, $order->getFields()->getChangedValues()));
    }

    /** @param class-string $table */
    private static function known(string $table, array $fields): array
    {
        return array_intersect_key($fields, $table::getEntity()->getScalarFields());
    }

    private function writeBasket(Basket $basket): void
    {
        foreach ($basket as $item) {
            $this->writeItem($item);
        }
        foreach (Inner::get($basket, 'deleted') as $item) {
            $values = $item->getFieldValues();
            (new Event('sale', 'OnBeforeSaleBasketItemDeleted', ['VALUES' => $values]))->send();
            $this->stock->writeReservation($item);
            BasketTable::delete($item->getId());
            (new Event('sale', 'OnSaleBasketItemDeleted', ['VALUES' => $values]))->send();
        }
    }

    private function writeItem(BasketItem $item): void
    {
        $isNew = $item->getId() === 0;
        $values = $item->getFields()->getOriginalValues();
        self::tell($item, 'OnSaleBasketItemBeforeSaved', ['IS_NEW' => $isNew, 'VALUES' => $values]);
        if ($isNew) {
            $item->setFieldsNoDemand(['ORDER_ID' => $this->order->getId(), 'DATE_INSERT' => new DateTime(), 'DATE_UPDATE' => new DateTime(),
                'FUSER_ID' => \Bitrix\Sale\Fuser::getIdByUserId($this->order->getUserId())]);
            $fields = array_filter(self::known(BasketTable::class, $item->getFieldValues()), static fn ($value): bool => $value !== null);
            $item->setFieldNoDemand('ID', BasketTable::add($fields + ['NAME' => '', 'QUANTITY' => 0])->getId());
        } elseif ($item->isChanged() || $this->stock->touches($item)) {
            $item->setFieldNoDemand('DATE_UPDATE', new DateTime());
            BasketTable::update($item->getId(), self::known(BasketTable::class, $item->getFields()->getChangedValues()));
        } else {
            return;
        }
        $values = $item->getFields()->getOriginalValues();
        self::tell($item, 'OnSaleBasketItemSaved', ['IS_NEW' => $isNew, 'VALUES' => $values]);
        self::tell($item, 'OnSaleBasketItemEntitySaved', ['VALUES' => $values]);
        $this->stock->writeReservation($item);
    }

    private function writeProperty(PropertyValue $value): void
    {
        if (!$value->isChanged()) {
            return;
        }
        $fields = ['ORDER_ID' => $this->order->getId(), 'ENTITY_ID' => $this->order->getId(), 'ENTITY_TYPE' => 'ORDER'] + $value->getFieldValues();
        $fields = array_filter(self::known(OrderPropsValueTable::class, $fields), static fn ($one): bool => $one !== null);
        if ($value->getId() === 0) {
            $value->setFieldNoDemand('ID', OrderPropsValueTable::add($fields)->getId());
        } else {
            OrderPropsValueTable::update($value->getId(), self::known(OrderPropsValueTable::class, $value->getFields()->getChangedValues()));
        }
        self::tell($value, 'OnSalePropertyValueEntitySaved', ['VALUES' => $value->getFields()->getOriginalValues()]);
    }

    private function writeShipments(): void
    {
        $shipments = $this->order->getShipmentCollection();
        $isFirst = true;
        foreach ($shipments as $shipment) {
            $isNew = $shipment->getId() === 0;
            $reserved = $this->stock->reservedFlag($shipment);
            if (!$isNew && $reserved !== null && $reserved !== $shipment->getField('RESERVED')) {
                EventsPool::addEvent('s' . spl_object_id($shipment), 'OnSaleShipmentReserved', ['VALUE' => $reserved, 'OLD_VALUE' => $shipment->getField('RESERVED')]);
                $shipment->setFieldNoDemand('RESERVED', $reserved);
            } elseif ($isNew && $isFirst && $this->stock->hasReserved()) {
                EventsPool::addEvent('s' . spl_object_id($shipment), 'OnSaleShipmentReserved', ['VALUE' => 'Y', 'OLD_VALUE' => 'N']);
            }
            if ($shipment->isSystem() && $this->stock->givesBackOfDeleted()) {
                EventsPool::addEvent('s' . spl_object_id($shipment), 'OnSaleShipmentReserved', ['VALUE' => 'N', 'OLD_VALUE' => 'Y']);
            }
            if ($isNew && $reserved === 'Y') {
                $shipment->setFieldNoDemand('RESERVED', 'Y');
            }
            $this->writeShipment($shipment, $isNew);
            $isFirst = false;
        }
    }

    private function writeShipment(Shipment $shipment, bool $isNew): void
    {
        $items = $shipment->getShipmentItemCollection();
        $hasTouched = !$isNew && $this->stock->touchesItemsOf($shipment, Inner::get($items, 'deleted'));
        self::tell($shipment, 'OnBeforeSaleShipmentEntitySaved', ['VALUES' => $shipment->getFields()->getOriginalValues()]);
        if ($isNew) {
            $shipment->setFieldNoDemand('ORDER_ID', $this->order->getId());
            $fields = array_filter(self::known(ShipmentTable::class, $shipment->getFieldValues()), static fn ($value): bool => $value !== null);
            $shipment->setFieldNoDemand('ID', ShipmentTable::add($fields)->getId());
            $number = $this->order->getId() . '/' . (count(array_filter(iterator_to_array($this->order->getShipmentCollection()), static fn (Shipment $one): bool => $one->getId() > 0)));
            ShipmentTable::update($shipment->getId(), ['ACCOUNT_NUMBER' => $number]);
            $shipment->setFieldNoDemand('ACCOUNT_NUMBER', $number);
        } elseif ($shipment->isChanged() || $hasTouched || $this->stock->touchesSystem($shipment)) {
            ShipmentTable::update($shipment->getId(), self::known(ShipmentTable::class, $shipment->getFields()->getChangedValues()));
        } else {
            return;
        }
        $values = $shipment->getFields()->getOriginalValues();
        self::tell($shipment, 'OnSaleShipmentEntitySaved', ['VALUES' => $values, 'IS_NEW' => $isNew]);
        self::tellDelayed($shipment, 's' . spl_object_id($shipment));
        foreach ($items as $item) {
            $this->writeShipmentItem($item, $shipment);
        }
        foreach (Inner::get($items, 'deleted') as $item) {
            (new Event('sale', 'OnBeforeSaleShipmentItemDeleted', ['VALUES' => $item->getFieldValues()]))->send();
            ShipmentItemTable::delete($item->getId());
            (new Event('sale', 'OnSaleShipmentItemDeleted', ['VALUES' => $item->getFieldValues()]))->send();
        }
    }

    private function writeShipmentItem(ShipmentItem $item, Shipment $shipment): void
    {
        $held = $this->stock->heldBy($item);
        if ($held !== null && abs($held - $item->getReservedQuantity()) > 0.00001) {
            $item->setFieldNoDemand('RESERVED_QUANTITY', $held);
        }
        if (!$item->isChanged()) {
            return;
        }
        self::tell($item, 'OnBeforeSaleShipmentItemEntitySaved', ['VALUES' => $item->getFields()->getOriginalValues()]);
        if ($item->getId() === 0) {
            $item->setFieldsNoDemand(['ORDER_DELIVERY_ID' => $shipment->getId(), 'DATE_INSERT' => new DateTime(), 'BASKET_ID' => $item->getBasketId()]);
            $item->setFieldNoDemand('ID', ShipmentItemTable::add(self::known(ShipmentItemTable::class, $item->getFieldValues()))->getId());
        } else {
            ShipmentItemTable::update($item->getId(), self::known(ShipmentItemTable::class, $item->getFields()->getChangedValues()));
        }
        self::tell($item, 'OnSaleShipmentItemEntitySaved', ['VALUES' => $item->getFields()->getOriginalValues()]);
    }

    private function writePayment(Payment $payment): void
    {
        self::tell($payment, 'OnBeforeSalePaymentEntitySaved', ['VALUES' => $payment->getFields()->getOriginalValues()]);
        if ($payment->getId() === 0) {
            $payment->setFieldNoDemand('ORDER_ID', $this->order->getId());
            $fields = array_filter(self::known(PaymentTable::class, $payment->getFieldValues()), static fn ($value): bool => $value !== null);
            $payment->setFieldNoDemand('ID', PaymentTable::add($fields)->getId());
            $number = $this->order->getId() . '/' . count(array_filter(iterator_to_array($this->order->getPaymentCollection()), static fn (Payment $one): bool => $one->getId() > 0));
            PaymentTable::update($payment->getId(), ['ACCOUNT_NUMBER' => $number]);
            $payment->setFieldNoDemand('ACCOUNT_NUMBER', $number);
        } elseif ($payment->isChanged()) {
            PaymentTable::update($payment->getId(), self::known(PaymentTable::class, $payment->getFields()->getChangedValues()));
        } else {
            return;
        }
        self::tell($payment, 'OnSalePaymentEntitySaved', ['VALUES' => $payment->getFields()->getOriginalValues()]);
        self::tellDelayed($payment, 'p' . spl_object_id($payment));
    }

    /** The events that waited, the first of each type. */
    public static function tellDelayed(Entity $entity, string $code): void
    {
        $events = EventsPool::getEvents($code) ?? [];
        EventsPool::resetEvents($code);
        foreach ($events as $type => $parameters) {
            self::tell($entity, $type, $parameters);
            if (isset(self::MAILS[$type]) && self::isGoodNews($entity, $type)) {
                Notify::callNotify($entity, self::MAILS[$type]);
            }
        }
    }

    /** What is taken back is not written to the buyer. */
    private static function isGoodNews(Entity $entity, string $type): bool
    {
        return match ($type) {
            'OnSaleOrderPaid' => $entity->getField('PAYED') === 'Y',
            'OnSaleOrderCanceled' => $entity->getField('CANCELED') === 'Y',
            'OnShipmentAllowDelivery' => $entity->getField('ALLOW_DELIVERY') === 'Y',
            default => true,
        };
    }

    public static function delete(Order $order, Result $result): Result
    {
        $event = self::tell($order, 'OnSaleBeforeOrderDelete', []);
        self::takeErrors($event, $result);
        if (!$result->isSuccess()) {
            return $result;
        }
        $id = $order->getId();
        self::tell($order, 'OnSaleOrderBeforeSaved', ['VALUES' => []]);
        OrderTable::update($id, ['VERSION' => (int)$order->getField('VERSION') + 1]);
        self::tell($order, 'OnSaleOrderEntitySaved', ['VALUES' => ['VERSION' => $order->getField('VERSION')]]);
        foreach ($order->getBasket() as $item) {
            self::deleteRow('BasketItem', $item, static fn () => BasketTable::delete($item->getId()));
        }
        foreach ($order->getPropertyCollection() as $value) {
            $value->getId() > 0 && self::deleteRow('PropertyValue', $value, static fn () => OrderPropsValueTable::delete($value->getId()));
        }
        $shipments = iterator_to_array($order->getShipmentCollection());
        usort($shipments, static fn (Shipment $one, Shipment $other): int => $one->getId() <=> $other->getId());
        foreach ($shipments as $shipment) {
            self::deleteRow('Shipment', $shipment, static function () use ($shipment): void {
                foreach ($shipment->getShipmentItemCollection() as $item) {
                    ShipmentItemTable::delete($item->getId());
                }
                ShipmentTable::delete($shipment->getId());
            });
        }
        foreach ($order->getPaymentCollection() as $payment) {
            self::deleteRow('Payment', $payment, static fn () => PaymentTable::delete($payment->getId()));
        }
        OrderTable::update($id, ['RUNNING' => 'N', 'DATE_UPDATE' => new DateTime()]);
        self::tell($order, 'OnSaleOrderSaved', ['IS_NEW' => false, 'IS_CHANGED' => true, 'VALUES' => []]);
        OrderTable::delete($id);
        self::tell($order, 'OnSaleOrderDeleted', ['VALUE' => true]);
        return $result;
    }

    private static function deleteRow(string $name, Entity $entity, \Closure $delete): void
    {
        (new Event('sale', "OnBeforeSale{$name}Deleted", ['VALUES' => $entity->getFieldValues()]))->send();
        $delete();
        (new Event('sale', "OnSale{$name}Deleted", ['VALUES' => $entity->getFieldValues()]))->send();
    }
}
