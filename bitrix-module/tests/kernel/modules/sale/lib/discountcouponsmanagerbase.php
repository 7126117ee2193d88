<?php

namespace Bitrix\Sale;

/** Coupons: none here. */
class DiscountCouponsManagerBase
{
    public const MODE_CLIENT = 0x0001;
    public const MODE_MANAGER = 0x0002;
    public const MODE_ORDER = 0x0004;
    public const MODE_SYSTEM = 0x0008;
    public const MODE_EXTERNAL = 0x0010;

    public static function init($mode = self::MODE_CLIENT, $params = [], $clearStorage = false)
    {
    }
}
