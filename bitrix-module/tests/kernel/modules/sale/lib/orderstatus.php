<?php

namespace Bitrix\Sale;

/** Statuses of orders. */
class OrderStatus extends StatusBase
{
    public const TYPE = 'O';

    public static function getInitialStatus()
    {
        return 'N';
    }

    public static function getFinalStatus()
    {
        return 'F';
    }
}
