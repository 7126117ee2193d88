<?php

namespace Bitrix\Sale\Delivery\Services;

/** Delivery services of the shop. */
class Manager
{
    public static function getById($deliveryId)
    {
        return Table::getRowById((int)$deliveryId) ?? [];
    }

    public static function getActiveList($calculatingOnly = false, $restrictedIds = null)
    {
        return array_column(Table::getList(['filter' => ['=ACTIVE' => 'Y'], 'order' => ['SORT' => 'ASC']])->fetchAll(), null, 'ID');
    }

    public static function getObjectById($deliveryId)
    {
        $row = self::getById($deliveryId);
        if ($row === []) {
            return null;
        }
        $class = ltrim((string)$row['CLASS_NAME'], '\\') === EmptyDeliveryService::class ? EmptyDeliveryService::class : Configurable::class;
        return new $class($row);
    }

    public static function getIdByCode($code)
    {
        return (int)(Table::getRow(['select' => ['ID'], 'filter' => ['=CODE' => $code]])['ID'] ?? 0);
    }

    public static function add(array $fields)
    {
        return Table::add($fields);
    }

    public static function update($id, array $fields)
    {
        return Table::update((int)$id, $fields);
    }
}
