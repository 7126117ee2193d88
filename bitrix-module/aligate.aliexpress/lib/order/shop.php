<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

use Bitrix\Main\Loader;
use Bitrix\Main\SiteTable;
use Bitrix\Sale\Delivery\Services\EmptyDeliveryService;
use Bitrix\Sale\Delivery\Services\Manager as Deliveries;
use Bitrix\Sale\Internals\PersonTypeTable;
use Bitrix\Sale\PaySystem\Manager as PaySystems;

/** What of the shop an order takes where the settings name nothing. */
final class Shop
{
    /** Makes the modules that orders need known to this hit. */
    public static function open(): void
    {
        foreach (['sale', 'catalog', 'iblock', 'currency'] as $module) {
            if (!Loader::includeModule($module)) {
                throw new OrderNotNow('module_missing', "the module $module is not installed", 3600);
            }
        }
    }

    public static function defaultSite(): string
    {
        $row = SiteTable::getRow(['select' => ['LID'], 'filter' => ['=DEF' => 'Y']])
            ?? SiteTable::getRow(['select' => ['LID'], 'order' => ['SORT' => 'ASC']]);

        return (string)($row['LID'] ?? 's1');
    }

    /** 0: there is none. */
    public static function personType(string $site): int
    {
        $order = ['SORT' => 'ASC', 'ID' => 'ASC'];
        $row = PersonTypeTable::getRow(['select' => ['ID'], 'filter' => ['=ACTIVE' => 'Y', '=LID' => $site], 'order' => $order])
            ?? PersonTypeTable::getRow(['select' => ['ID'], 'filter' => ['=ACTIVE' => 'Y'], 'order' => $order]);

        return (int)($row['ID'] ?? 0);
    }

    /** The delivery service of that id, else the empty one that every shop has. */
    public static function delivery(int $id): ?object
    {
        $service = $id > 0 ? Deliveries::getObjectById($id) : null;

        return $service ?? Deliveries::getObjectById(EmptyDeliveryService::getEmptyDeliveryServiceId());
    }

    /** The pay system of that id, else the first active one that is not the inner account; 0: there is none. */
    public static function paySystem(int $id): int
    {
        if ($id > 0 && PaySystems::getById($id) !== false) {
            return $id;
        }
        $inner = (int)PaySystems::getInnerPaySystemId();
        $rows = PaySystems::getList([
            'select' => ['ID'],
            'filter' => ['=ACTIVE' => 'Y', '!=ID' => $inner],
            'order' => ['SORT' => 'ASC', 'ID' => 'ASC'],
            'limit' => 1,
        ]);
        $row = $rows->fetch();

        return is_array($row) ? (int)$row['ID'] : 0;
    }

    /** Whether paying through it prints a fiscal receipt. */
    public static function printsReceipts(int $paySystemId): bool
    {
        $row = $paySystemId > 0 ? PaySystems::getById($paySystemId) : false;

        return is_array($row) && ($row['CAN_PRINT_CHECK'] ?? 'N') === 'Y';
    }
}
