<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

use Bitrix\Main\Event;

/**
 * Orders, their shipments and payments. A save sends many events for one order; each marks the same key, and the last
 * one comes when everything is written.
 */
final class OrderHandler
{
    /** Stock that changes from here on, changes for this order. */
    public static function onBeforeSaved(mixed $event = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->beginOrder());
    }

    public static function onSaved(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            $hit->endOrder();
            $hit->order(self::orderId($event));
        });
    }

    /** An event whose `ENTITY` is the order, or a shipment or payment of it. */
    public static function onChange(mixed $event = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->order(self::orderId($event)));
    }

    /** The order's row was written past its class. */
    public static function onOrmOrder(mixed $event = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->order(OrmRow::id($event)));
    }

    public static function onOrmShipment(mixed $event = null): void
    {
        self::onOrmChild($event, 'b_sale_order_delivery');
    }

    public static function onOrmPayment(mixed $event = null): void
    {
        self::onOrmChild($event, 'b_sale_order_payment');
    }

    private static function onOrmChild(mixed $event, string $table): void
    {
        Catching::run(static function (Hit $hit) use ($event, $table): void {
            $row = OrmRow::of($event, $table, ['ORDER_ID'], $hit->memory);
            $hit->order(Id::of($row['ORDER_ID'] ?? null));
        });
    }

    private static function orderId(mixed $event): int
    {
        $entity = $event instanceof Event ? $event->getParameter('ENTITY') : $event;
        if (is_object($entity) && method_exists($entity, 'getOrder')) {
            $entity = $entity->getOrder();
        }

        return is_object($entity) && method_exists($entity, 'getId') ? Id::of($entity->getId()) : 0;
    }
}
