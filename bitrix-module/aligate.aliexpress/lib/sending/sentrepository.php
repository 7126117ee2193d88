<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Reading\Rows;
use Bitrix\Main\DB\Connection as Database;

/**
 * What was sent of each element: under which SKU, and hashes of what was last told.
 *
 * A SKU is written down before the first event leaves under it, so that one which was renamed or deleted is always
 * known.
 */
final class SentRepository
{
    private const TABLE = 'b_aligate_aliexpress_sent';
    private const ROWS_MAX = 500;

    /** SKUs that were given up are forgotten after so many days. */
    private const KEEP_DAYS = 30;

    public function __construct(private readonly Database $database, private readonly Rows $rows)
    {
    }

    /**
     * @param list<int> $elementIds
     * @param list<int> $productIds
     * @return list<SentRow> those of the elements and those of the products
     */
    public function of(int $connectionId, array $elementIds, array $productIds): array
    {
        $conditions = [];
        if ($elementIds !== []) {
            $conditions[] = 'ELEMENT_ID IN (' . Rows::list($elementIds) . ')';
        }
        if ($productIds !== []) {
            $conditions[] = 'PRODUCT_ID IN (' . Rows::list($productIds) . ')';
        }

        return $this->select($connectionId, $conditions);
    }

    /**
     * @param list<string> $skus
     * @return list<SentRow>
     */
    public function bySku(int $connectionId, array $skus): array
    {
        return $this->select($connectionId, $skus === [] ? [] : ['SKU IN (' . $this->rows->texts($skus) . ')']);
    }

    /** @param list<SentRow> $claims */
    public function claim(int $connectionId, array $claims): void
    {
        foreach (array_chunk($claims, self::ROWS_MAX) as $chunk) {
            $values = array_map(
                fn (SentRow $one): string => "($connectionId, {$one->elementId}, {$one->productId}, "
                    . $this->rows->texts([$one->sku]) . ", UTC_TIMESTAMP(6), 'N')",
                $chunk,
            );
            $this->database->queryExecute(
                'INSERT INTO ' . self::TABLE . ' (CONNECTION_ID, ELEMENT_ID, PRODUCT_ID, SKU, SENT_AT, IS_DELETED)'
                . ' VALUES ' . implode(', ', $values) . ' ON DUPLICATE KEY UPDATE PRODUCT_ID = VALUES(PRODUCT_ID),'
                . " STOCK_HASH = IF(IS_DELETED = 'Y', NULL, STOCK_HASH),"
                . " PRICE_HASH = IF(IS_DELETED = 'Y', NULL, PRICE_HASH),"
                . " PRODUCT_HASH = IF(IS_DELETED = 'Y', NULL, PRODUCT_HASH), IS_DELETED = 'N'"
            );
        }
    }

    /** @param list<Mark> $marks */
    public function told(int $connectionId, array $marks): void
    {
        $columns = [
            Kind::Stock->value => 'STOCK_HASH',
            Kind::Price->value => 'PRICE_HASH',
            Kind::Product->value => 'PRODUCT_HASH',
        ];
        foreach ($columns as $kind => $column) {
            $ofKind = array_values(array_filter($marks, static fn (Mark $one): bool => $one->kind->value === $kind));
            foreach (array_chunk($ofKind, self::ROWS_MAX) as $chunk) {
                $values = array_map(
                    fn (Mark $one): string => "($connectionId, {$one->entityId}, {$one->productId}, "
                        . $this->rows->texts([$one->sku]) . ", '{$one->hash}', UTC_TIMESTAMP(6))",
                    $chunk,
                );
                $this->database->queryExecute(
                    'INSERT INTO ' . self::TABLE . " (CONNECTION_ID, ELEMENT_ID, PRODUCT_ID, SKU, $column, SENT_AT)"
                    . ' VALUES ' . implode(', ', $values)
                    . " ON DUPLICATE KEY UPDATE $column = VALUES($column), PRODUCT_ID = VALUES(PRODUCT_ID),"
                    . ' SENT_AT = VALUES(SENT_AT)'
                );
            }
        }
        foreach ($marks as $mark) {
            if ($mark->kind === Kind::Order) {
                $this->database->queryExecute(
                    "UPDATE b_aligate_aliexpress_order SET SENT_HASH = '{$mark->hash}'"
                    . " WHERE CONNECTION_ID = $connectionId AND ORDER_ID = {$mark->entityId}"
                );
            }
        }
    }

    /** Nothing counts as told: the one who was told has forgotten it. */
    public function forgetTold(int $connectionId): void
    {
        $where = "WHERE CONNECTION_ID = $connectionId";
        $this->database->queryExecute(
            'UPDATE ' . self::TABLE . " SET STOCK_HASH = NULL, PRICE_HASH = NULL, PRODUCT_HASH = NULL $where"
        );
        $this->database->queryExecute("UPDATE b_aligate_aliexpress_order SET SENT_HASH = NULL $where");
    }

    /** @param list<SentRow> $rows SKUs whose zero the gateway has */
    public function release(int $connectionId, array $rows): void
    {
        foreach (array_chunk($rows, self::ROWS_MAX) as $chunk) {
            $pairs = array_map(
                fn (SentRow $one): string => "({$one->elementId}, " . $this->rows->texts([$one->sku]) . ')',
                $chunk,
            );
            $this->database->queryExecute(
                'UPDATE ' . self::TABLE . " SET IS_DELETED = 'Y', SENT_AT = UTC_TIMESTAMP(6)"
                . " WHERE CONNECTION_ID = $connectionId AND (ELEMENT_ID, SKU) IN (" . implode(', ', $pairs) . ')'
            );
        }
    }

    /** @return list<int> elements that were sent and are no more in the shop */
    public function lost(int $connectionId, int $limit): array
    {
        $rows = $this->rows->all(
            'SELECT DISTINCT s.ELEMENT_ID FROM ' . self::TABLE . ' s'
            . ' LEFT JOIN b_iblock_element e ON e.ID = s.ELEMENT_ID'
            . " WHERE s.CONNECTION_ID = $connectionId AND s.IS_DELETED = 'N' AND e.ID IS NULL LIMIT $limit"
        );

        return array_map(static fn (array $row): int => (int)$row['ELEMENT_ID'], $rows);
    }

    /**
     * Forgets SKUs that were given up long ago, and what belongs to connections that are gone.
     *
     * @param list<int> $connectionIds those that exist
     */
    public function prune(array $connectionIds): void
    {
        $gone = $connectionIds === [] ? '1 = 1' : 'CONNECTION_ID NOT IN (' . Rows::list($connectionIds) . ')';
        $this->database->queryExecute(
            'DELETE FROM ' . self::TABLE . " WHERE $gone OR (IS_DELETED = 'Y'"
            . ' AND SENT_AT < UTC_TIMESTAMP(6) - INTERVAL ' . self::KEEP_DAYS . ' DAY) LIMIT 10000'
        );
    }

    /**
     * @param list<string> $conditions each with an index of its own
     * @return list<SentRow>
     */
    private function select(int $connectionId, array $conditions): array
    {
        if ($conditions === []) {
            return [];
        }
        $selects = array_map(
            static fn (string $condition): string => 'SELECT ELEMENT_ID, PRODUCT_ID, SKU, STOCK_HASH, PRICE_HASH,'
                . ' PRODUCT_HASH FROM ' . self::TABLE
                . " WHERE CONNECTION_ID = $connectionId AND IS_DELETED = 'N' AND $condition",
            $conditions,
        );

        return array_map(
            static fn (array $row): SentRow => new SentRow(
                (int)$row['ELEMENT_ID'],
                (int)$row['PRODUCT_ID'],
                (string)$row['SKU'],
                $row['STOCK_HASH'],
                $row['PRICE_HASH'],
                $row['PRODUCT_HASH'],
            ),
            $this->rows->all(implode(' UNION ', $selects) . ' ORDER BY ELEMENT_ID, SKU'),
        );
    }
}
