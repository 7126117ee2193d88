<?php

namespace Bitrix\Catalog\Config;

use Bitrix\Main\Config\Option;

/** How the catalogue is set up. */
class State
{
    public static function isUsedInventoryManagement(): bool
    {
        return Option::get('catalog', 'default_use_store_control', 'N') === 'Y';
    }

    public static function isEnabledInventoryManagement(): bool
    {
        return self::isUsedInventoryManagement();
    }
}
