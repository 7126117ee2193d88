<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

/** Rows of prices. The ORM's events cover every path but `DeleteByProduct`, which has one of its own. */
final class PriceHandler
{
    private const TABLE = 'b_catalog_price';
    private const COLUMNS = ['PRODUCT_ID', 'CATALOG_GROUP_ID'];

    public static function onAfterAdd(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            self::mark($hit, OrmRow::of($event, self::TABLE, self::COLUMNS, $hit->memory), true);
        });
    }

    public static function onAfterUpdate(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            self::mark($hit, OrmRow::of($event, self::TABLE, self::COLUMNS, $hit->memory), false);
        });
    }

    /** The row still stands: remembers its product. */
    public static function onDelete(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            OrmRow::remember($event, self::TABLE, self::COLUMNS, $hit->memory);
        });
    }

    public static function onAfterDelete(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            self::mark($hit, $hit->memory->takeOut(self::TABLE, OrmRow::id($event)), true);
        });
    }

    /** All prices of a product but some were removed. */
    public static function onProductPriceDelete(mixed $productId = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->price(Id::of($productId), 0, true));
    }

    /** @param array<string, mixed> $row */
    private static function mark(Hit $hit, array $row, bool $changesStock): void
    {
        $hit->price(Id::of($row['PRODUCT_ID'] ?? null), Id::of($row['CATALOG_GROUP_ID'] ?? null), $changesStock);
    }
}
