<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

/** What changes stock without touching its rows: warehouses, and the settings of stock. */
final class WarehouseHandler
{
    public static function onChange(mixed $warehouseId = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->warehouse(Id::of($warehouseId)));
    }

    public static function onOrmAfter(mixed $event = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->warehouse(OrmRow::id($event)));
    }

    /** Warehouse accounting, or what holds for products that say nothing themselves, was switched. */
    public static function onSetOption(mixed $event = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->allStock());
    }
}
