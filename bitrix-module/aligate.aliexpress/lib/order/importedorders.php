<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

use Aligate\Aliexpress\Outbox\Deadlock;
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
    private const BUSY_SECS = 5;

    /** Transactions that the kernel may have begun within ours, and left open when it failed. */
    private const NESTED_MAX = 20;

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
            throw new OrderNotNow('order_busy', 'the order is being written by another request', self::BUSY_SECS);
        }
        try {
            return $work($this->row($connectionId, $aliexpressId));
        } finally {
            $this->database->unlock($name);
        }
    }

    /**
     * Does all of the work or nothing of it, wherever PHP dies: the order, what it reserves and what is known of it are written
     * together. The kernel's own saving opens no transaction, and moves stock before there is an order.
     *
     * The goods are held meanwhile, in one sequence for all: the kernel reads a quantity and writes the sum, so that of two orders
     * at once one's pieces would be lost.
     *
     * @template T
     * @param list<int> $elementIds goods of the order, where it is new
     * @param int $orderId of the shop's order that has goods; 0: it is new
     * @param callable(): T $work
     * @return T
     * @throws OrderNotNow where another writer was in the way
     */
    public function whole(array $elementIds, int $orderId, callable $work): mixed
    {
        $this->database->startTransaction();
        try {
            $this->hold($elementIds, $orderId);
            $result = $work();
            $this->database->commitTransaction();

            return $result;
        } catch (\Throwable $error) {
            $isDeadlock = Deadlock::endedTransaction($error, $this->database);
            $this->takeBack();
            if ($isDeadlock) {
                throw new OrderNotNow('order_busy', 'its goods are being written by another request', self::BUSY_SECS);
            }
            throw $error;
        }
    }

    /** @param list<int> $elementIds */
    private function hold(array $elementIds, int $orderId): void
    {
        $goods = $orderId > 0
            ? "SELECT PRODUCT_ID FROM b_sale_basket WHERE ORDER_ID = $orderId"
            : implode(', ', array_map('intval', $elementIds));
        if ($goods !== '') {
            $this->database->query("SELECT ID FROM b_catalog_product WHERE ID IN ($goods) ORDER BY ID FOR UPDATE")->fetchAll();
        }
    }

    private function takeBack(): void
    {
        for ($try = 0; $try < self::NESTED_MAX; $try++) {
            try {
                $this->database->rollbackTransaction();

                return;
            } catch (\Throwable) {
                // Of a transaction within ours the kernel goes back and throws: one is less to go. Where the database is away, all is gone.
            }
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
