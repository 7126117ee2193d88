<?php

namespace Bitrix\Sale;

/** Statuses of shipments. */
class DeliveryStatus extends StatusBase
{
    public const TYPE = 'D';

    public static function getInitialStatus()
    {
        return 'DN';
    }

    public static function getFinalStatus()
    {
        return 'DF';
    }
}
