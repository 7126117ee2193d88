<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

use Bitrix\Main\DB\Connection as Database;

/**
 * Which order of AliExpress is which order of the shop: the key of idempotency. One writer at a time for an order.
 *
 * `XML_ID` of an order of the shop is not unique, and its saving opens no transaction; this table's key and the lock are
 * what keeps two deliveries of one order apart.
 */
final class ImportedOrders
{
    private const TABLE = 'b_aligate_aliexpress_order';
    private const LOCK_SECS = 10;

    public function __construct(private readonly Database $database)
    {
    }

    /**
     * Runs the work on an order while nobody else does any.
     *
     * @template T
     * @param callable(OrderRow): T $work
     * @return T
     * @throws OrderNotNow where somebody else has been at it for too long
     */
    public function alone(int $connectionId, string $aliexpressId, callable $work): mixed
    {
        $name = "aligate.aliexpress.order.$connectionId.$aliexpressId";
        if (!$this->database->lock($name, self::LOCK_SECS)) {
            throw new OrderNotNow('order_busy', 'the order is being written by another request', 5);
        }
        try {
            return $work($this->row($connectionId, $aliexpressId));
        } finally {
            $this->database->unlock($name);
        }
    }

    /** Claims the order before anything of it is written. */
    public function claim(int $connectionId, string $aliexpressId): void
    {
        $this->database->queryExecute(
            'INSERT INTO ' . self::TABLE . ' (CONNECTION_ID, ALIEXPRESS_ORDER_ID, UPDATED_AT) VALUES '
            . "($connectionId, {$this->quoted($aliexpressId)}, UTC_TIMESTAMP(6))"
            . ' ON DUPLICATE KEY UPDATE UPDATED_AT = VALUES(UPDATED_AT)'
        );
    }

    public function keep(int $connectionId, string $aliexpressId, string $status, OrderRow $row): void
    {
        $this->database->queryExecute(
            'UPDATE ' . self::TABLE . " SET ORDER_ID = {$row->orderId}, VERSION = {$row->version}, DIGEST = {$this->quoted($row->digest)},"
            . " ANSWER = {$this->quoted($row->answer)}, DONE = {$this->quoted($row->done->toText())}, STATUS = {$this->quoted($status)},"
            . " UPDATED_AT = UTC_TIMESTAMP(6) WHERE CONNECTION_ID = $connectionId AND ALIEXPRESS_ORDER_ID = {$this->quoted($aliexpressId)}"
        );
    }

    private function row(int $connectionId, string $aliexpressId): OrderRow
    {
        $row = $this->database->query(
            'SELECT ORDER_ID, VERSION, DIGEST, ANSWER, DONE FROM ' . self::TABLE
            . " WHERE CONNECTION_ID = $connectionId AND ALIEXPRESS_ORDER_ID = {$this->quoted($aliexpressId)}"
        )->fetch();
        $row = is_array($row) ? $row : [];

        return new OrderRow(
            (int)($row['ORDER_ID'] ?? 0),
            (int)($row['VERSION'] ?? 0),
            (string)($row['DIGEST'] ?? ''),
            (string)($row['ANSWER'] ?? ''),
            Done::fromText((string)($row['DONE'] ?? '')),
        );
    }

    private function quoted(string $text): string
    {
        return "'" . $this->database->getSqlHelper()->forSql($text) . "'";
    }
}
