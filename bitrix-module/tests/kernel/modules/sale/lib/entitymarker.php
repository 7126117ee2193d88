<?php

namespace Bitrix\Sale;

use Bitrix\Main\Application;
use Bitrix\Main\Type\DateTime;
use Bitrix\Sale\Internals\Entity;

/** Marks of what went wrong with an order, for its managers: `b_sale_entity_marker`. */
class EntityMarker
{
    public const ENTITY_MARKED_TYPE_AUTO = 'AUTO';
    public const ENTITY_MARKED_TYPE_MANUAL = 'MANUAL';
    public const ENTITY_TYPE_ORDER = 'ORDER';
    public const ENTITY_TYPE_BASKET_ITEM = 'BASKET_ITEM';
    public const ENTITY_TYPE_SHIPMENT = 'SHIPMENT';
    public const ENTITY_TYPE_PAYMENT = 'PAYMENT';

    /** @var array<string, list<array>> by the order's code */
    private static $waiting = [];

    public static function addMarker(OrderBase $order, Entity $entity, Result $result)
    {
        $type = match (true) {
            $entity instanceof Shipment => self::ENTITY_TYPE_SHIPMENT,
            $entity instanceof Payment => self::ENTITY_TYPE_PAYMENT,
            $entity instanceof BasketItem => self::ENTITY_TYPE_BASKET_ITEM,
            default => self::ENTITY_TYPE_ORDER,
        };
        foreach ($result->getWarnings() as $warning) {
            self::$waiting[$order->getInternalId()][] = ['ENTITY_TYPE' => $type, 'ENTITY_ID' => $entity->getId(), 'TYPE' => self::ENTITY_MARKED_TYPE_AUTO,
                'CODE' => (string)$warning->getCode(), 'MESSAGE' => $warning->getMessage(), 'SUCCESS' => 'N'];
        }
    }

    public static function saveMarkers(?Order $order = null)
    {
        foreach (self::$waiting[$order->getInternalId()] ?? [] as $marker) {
            $marker['ENTITY_ID'] = $marker['ENTITY_ID'] ?: $order->getId();
            Application::getConnection()->add('b_sale_entity_marker', $marker + ['ORDER_ID' => $order->getId(), 'DATE_CREATE' => new DateTime(),
                'USER_ID' => (int)\Aligate\Aliexpress\Tests\FakeKernel\OrderSaving::userId()]);
        }
        unset(self::$waiting[$order->getInternalId()]);
        return new Result();
    }

    public static function deleteByOrderId($id)
    {
        Application::getConnection()->queryExecute('DELETE FROM b_sale_entity_marker WHERE ORDER_ID = ' . (int)$id);
        return true;
    }
}
