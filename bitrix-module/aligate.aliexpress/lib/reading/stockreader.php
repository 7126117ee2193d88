<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

use Aligate\Aliexpress\Connection;

/**
 * Whole pieces that may be sold: of the chosen warehouses without what is reserved there, or of the product row.
 *
 * The product row's quantity is without reserves already. Where the shop keeps no account of warehouses, reserves
 * stand in
 * the product row alone, and a product that is in no warehouse at all has its quantity there.
 */
final class StockReader
{
    public const QUANTITY_MAX = 999999;

    /** A set has no stock in warehouses. */
    private const TYPE_SET = '2';

    public function __construct(private readonly Rows $rows)
    {
    }

    /**
     * @param list<int> $ids products without offers, and offers
     * @return array<int, int> without those that are no goods of the catalog
     */
    public function read(Connection $connection, array $ids, bool $keepsWarehouses): array
    {
        if ($ids === []) {
            return [];
        }
        $rows = $this->rows->all(
            'SELECT ID, TYPE, QUANTITY, QUANTITY_RESERVED, QUANTITY_TRACE, (SELECT VALUE FROM b_option'
            . " WHERE MODULE_ID = 'catalog' AND NAME = 'default_quantity_trace' LIMIT 1) AS TRACE_DEFAULT"
            . ' FROM b_catalog_product WHERE ID IN (' . Rows::list($ids) . ')'
        );
        $stored = $connection->warehouseIds === [] ? [] : $this->stored($connection->warehouseIds, $ids);
        $pieces = [];
        foreach ($rows as $row) {
            $id = (int)$row['ID'];
            $trace = $row['QUANTITY_TRACE'] === 'D' ? (string)$row['TRACE_DEFAULT'] : (string)$row['QUANTITY_TRACE'];
            if ($trace !== 'Y') {
                $pieces[$id] = self::clamped((float)$connection->untracedQuantity);
                continue;
            }
            $ofRow = (float)$row['QUANTITY'];
            $isOfRow = $connection->warehouseIds === [] || $row['TYPE'] === self::TYPE_SET;
            if ($isOfRow || (!$keepsWarehouses && !isset($stored[$id]))) {
                $pieces[$id] = self::clamped($ofRow);
                continue;
            }
            $reserved = $keepsWarehouses ? 0.0 : (float)$row['QUANTITY_RESERVED'];
            $pieces[$id] = self::clamped(($stored[$id] ?? 0.0) - $reserved);
        }

        return $pieces;
    }

    /** Whole pieces, 0 to 999 999. */
    public static function clamped(float $quantity): int
    {
        return is_finite($quantity) ? (int)max(0.0, min(floor($quantity), (float)self::QUANTITY_MAX)) : 0;
    }

    /**
     * @param list<int> $warehouseIds
     * @param list<int> $ids
     * @return array<int, float> product => pieces in the chosen warehouses; those that are in none at all are left out
     */
    private function stored(array $warehouseIds, array $ids): array
    {
        $rows = $this->rows->all(
            'SELECT sp.PRODUCT_ID, SUM(IF(sp.STORE_ID IN (' . Rows::list($warehouseIds) . ") AND s.ACTIVE = 'Y',"
            . ' COALESCE(sp.AMOUNT, 0) - COALESCE(sp.QUANTITY_RESERVED, 0), 0)) AS PIECES'
            . ' FROM b_catalog_store_product sp'
            . ' INNER JOIN b_catalog_store s ON s.ID = sp.STORE_ID WHERE sp.PRODUCT_ID IN (' . Rows::list($ids)
            . ') GROUP BY sp.PRODUCT_ID'
        );
        $pieces = [];
        foreach ($rows as $row) {
            $pieces[(int)$row['PRODUCT_ID']] = (float)$row['PIECES'];
        }

        return $pieces;
    }
}
