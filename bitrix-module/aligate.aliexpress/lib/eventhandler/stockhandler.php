<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

/** Stock in warehouses. It is written through two layers, and neither sends the other's events. */
final class StockHandler
{
    private const TABLE = 'b_catalog_store_product';
    private const COLUMNS = ['PRODUCT_ID', 'STORE_ID'];

    /** The old layer: the admin's form, the exchange with 1C, documents. The fields may lack the product. */
    public static function onChange(mixed $rowId = null, mixed $fields = null): void
    {
        Catching::run(static function (Hit $hit) use ($rowId, $fields): void {
            $isTold = is_array($fields) && isset($fields['PRODUCT_ID'], $fields['STORE_ID']);
            self::mark($hit, $isTold ? $fields : $hit->memory->row(self::TABLE, Id::of($rowId), self::COLUMNS));
        });
    }

    /** The row still stands: remembers its product. */
    public static function onBeforeDelete(mixed $rowId = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->memory->row(self::TABLE, Id::of($rowId), self::COLUMNS));
    }

    public static function onDelete(mixed $rowId = null): void
    {
        Catching::run(static fn (Hit $hit) => self::mark($hit, $hit->memory->takeOut(self::TABLE, Id::of($rowId))));
    }

    /** The new layer: reservations and shipments of orders, the new product card, REST. */
    public static function onOrmAfterChange(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            self::mark($hit, OrmRow::of($event, self::TABLE, self::COLUMNS, $hit->memory));
        });
    }

    public static function onOrmBeforeDelete(mixed $event = null): void
    {
        self::onBeforeDelete(OrmRow::id($event));
    }

    public static function onOrmAfterDelete(mixed $event = null): void
    {
        self::onDelete(OrmRow::id($event));
    }

    /** @param array<mixed> $row */
    private static function mark(Hit $hit, array $row): void
    {
        $hit->stock(Id::of($row['PRODUCT_ID'] ?? null), Id::of($row['STORE_ID'] ?? null));
    }
}
