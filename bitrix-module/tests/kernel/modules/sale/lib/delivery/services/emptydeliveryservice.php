<?php

namespace Bitrix\Sale\Delivery\Services;

/** No delivery. */
class EmptyDeliveryService extends Configurable
{
    public static function getEmptyDeliveryServiceId()
    {
        $row = Table::getRow(['select' => ['ID'], 'filter' => ['=CLASS_NAME' => '\\' . self::class]]);
        return (int)($row['ID'] ?? 0);
    }
}
