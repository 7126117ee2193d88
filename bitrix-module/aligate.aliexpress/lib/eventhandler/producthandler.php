<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

/**
 * Rows of `b_catalog_product`: quantity, sizes, taxes; sets and barcodes. The ORM's events cover every path but sets.
 */
final class ProductHandler
{
    private const SETS = 'b_catalog_product_sets';
    private const BARCODES = 'b_catalog_store_barcode';

    /** Columns that are told by the product itself. */
    private const OF_PRODUCT = ['WEIGHT', 'WIDTH', 'LENGTH', 'HEIGHT', 'MEASURE', 'BARCODE_MULTI'];

    private const OF_PRICE = ['VAT_ID', 'VAT_INCLUDED'];

    private const OF_STOCK = [
        'QUANTITY', 'QUANTITY_RESERVED', 'QUANTITY_TRACE', 'CAN_BUY_ZERO', 'NEGATIVE_AMOUNT_TRACE', 'AVAILABLE',
    ];

    public static function onAfterAdd(mixed $event = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->element(OrmRow::id($event), 0, true));
    }

    /** An offer's change of stock writes its product's row too: only what a column tells is marked. */
    public static function onAfterUpdate(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            $fields = OrmRow::fields($event);
            $id = OrmRow::id($event);
            $isStock = self::hasAny($fields, self::OF_STOCK);
            if ($isStock) {
                $hit->stock($id);
            }
            if (self::hasAny($fields, self::OF_PRICE)) {
                $hit->price($id);
            }
            if (!$isStock || self::hasAny($fields, self::OF_PRODUCT)) {
                $hit->element($id, 0, false);
            }
        });
    }

    public static function onAfterDelete(mixed $event = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->element(OrmRow::id($event), 0, true));
    }

    /** A set's availability is written past every event of products. */
    public static function onSetAvailable(mixed $productId = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->element(Id::of($productId), 0, true));
    }

    public static function onSetChange(mixed $setId = null, mixed $fields = null): void
    {
        Catching::run(static function (Hit $hit) use ($setId, $fields): void {
            $itemId = Id::of(is_array($fields) ? $fields['OWNER_ID'] ?? $fields['ITEM_ID'] ?? null : null);
            $row = $itemId > 0 ? ['OWNER_ID' => $itemId] : $hit->memory->row(self::SETS, Id::of($setId), ['OWNER_ID']);
            $hit->element(Id::of($row['OWNER_ID'] ?? null), 0, true);
        });
    }

    public static function onBeforeSetDelete(mixed $setId = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->memory->row(self::SETS, Id::of($setId), ['OWNER_ID']));
    }

    public static function onSetDelete(mixed $setId = null): void
    {
        Catching::run(static function (Hit $hit) use ($setId): void {
            $row = $hit->memory->takeOut(self::SETS, Id::of($setId));
            $hit->element(Id::of($row['OWNER_ID'] ?? null), 0, true);
        });
    }

    /** All sets of a product are gone. */
    public static function onAllSetsDelete(mixed $productId = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->element(Id::of($productId), 0, true));
    }

    public static function onBarcodeChange(mixed $barcodeId = null, mixed $fields = null): void
    {
        Catching::run(static function (Hit $hit) use ($barcodeId, $fields): void {
            $productId = Id::of(is_array($fields) ? $fields['PRODUCT_ID'] ?? null : null);
            $row = $productId > 0
                ? ['PRODUCT_ID' => $productId]
                : $hit->memory->row(self::BARCODES, Id::of($barcodeId), ['PRODUCT_ID']);
            $hit->element(Id::of($row['PRODUCT_ID'] ?? null), 0, false);
        });
    }

    public static function onBeforeBarcodeDelete(mixed $barcodeId = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->memory->row(self::BARCODES, Id::of($barcodeId), ['PRODUCT_ID']));
    }

    public static function onBarcodeDelete(mixed $barcodeId = null): void
    {
        Catching::run(static function (Hit $hit) use ($barcodeId): void {
            $row = $hit->memory->takeOut(self::BARCODES, Id::of($barcodeId));
            $hit->element(Id::of($row['PRODUCT_ID'] ?? null), 0, false);
        });
    }

    public static function onOrmBarcode(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            $row = OrmRow::of($event, self::BARCODES, ['PRODUCT_ID'], $hit->memory);
            $hit->element(Id::of($row['PRODUCT_ID'] ?? null), 0, false);
        });
    }

    public static function onOrmBarcodeDelete(mixed $event = null): void
    {
        self::onBeforeBarcodeDelete(OrmRow::id($event));
    }

    public static function onOrmAfterBarcodeDelete(mixed $event = null): void
    {
        self::onBarcodeDelete(OrmRow::id($event));
    }

    /**
     * @param array<mixed> $fields
     * @param list<string> $columns
     */
    private static function hasAny(array $fields, array $columns): bool
    {
        foreach ($columns as $column) {
            if (array_key_exists($column, $fields)) {
                return true;
            }
        }

        return false;
    }
}
