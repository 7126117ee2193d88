<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sweep;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Outbox\OutboxRepository;
use Aligate\Aliexpress\Outbox\StateRepository;
use Aligate\Aliexpress\Reading\Catalogs;
use Aligate\Aliexpress\Reading\Rows;
use Aligate\Aliexpress\Sending\Restoration;
use Aligate\Aliexpress\Sending\Senders;
use Aligate\Aliexpress\Sending\SentRepository;
use Bitrix\Main\DB\Connection as Database;

/**
 * Finds what changed without any event: section membership, list values, raw SQL, bulk writes, warehouse wizards,
 * dates that pass.
 *
 * First what tells its time of change, then what is gone, then, as far as the time goes, the next pages of
 * everything: so each
 * difference is found at last, and most of them in one turn. It rests while the outbox is full, since nothing of that
 * was told.
 */
final class Sweep
{
    private const BACKLOG_MAX = 1000;
    private const DATES = 'sweep_dates';
    private const CURSOR = 'sweep_cursor';

    /** @param \Closure(): float $clock seconds, as `microtime(true)` gives them */
    public function __construct(
        private readonly Database $database,
        private readonly Rows $rows,
        private readonly Comparison $comparison,
        private readonly OutboxRepository $outbox,
        private readonly StateRepository $states,
        private readonly SentRepository $sent,
        private readonly Restoration $restoration,
        private readonly int $page,
        private readonly \Closure $clock,
    ) {
    }

    /** The sweep with the parts of this hit. */
    public static function of(Senders $senders): self
    {
        return new self(
            $senders->database,
            $senders->rows,
            new Comparison($senders->reader, $senders->outbox),
            $senders->outbox,
            $senders->states,
            $senders->sent,
            $senders->restoration,
            $senders->options->sweepPage(),
            static fn (): float => microtime(true),
        );
    }

    /** @return int|null how many rows were written; null where it was not the time for it */
    public function run(Connection $connection, float $deadline): ?int
    {
        if (!$connection->isReady() || $connection->iblockIds === [] || $this->restoration->isHeld($connection->id)) {
            return null;
        }
        if ($this->outbox->depth($connection->id)->waiting >= self::BACKLOG_MAX) {
            return null;
        }
        $lock = "aligate_aliexpress_sweep_{$connection->id}";
        if (!$this->database->lock($lock, 0)) {
            return null;
        }
        try {
            return $this->sweep($connection, $deadline);
        } finally {
            $this->database->unlock($lock);
        }
    }

    private function sweep(Connection $connection, float $deadline): int
    {
        $this->comparison->begin();
        $catalogs = Catalogs::read($this->rows, $connection->iblockIds);
        $written = $this->orders($connection);
        $lost = $this->sent->lost($connection->id, $this->page);
        $written += $this->comparison->products($connection, $lost);
        $written += $this->datesPassed($connection, $catalogs);
        foreach ($this->walks($catalogs) as $walk) {
            while (($this->clock)() < $deadline && ($ids = $walk->page($connection->id, $this->page)) !== null) {
                $written += $this->comparison->products($connection, $ids);
            }
        }
        do {
            [$ids, $isEnd] = $this->next($connection);
            $written += $this->comparison->products($connection, $ids);
        } while (!$isEnd && ($this->clock)() < $deadline && $written < self::BACKLOG_MAX);

        return $written;
    }

    /** @return list<Walk> */
    private function walks(Catalogs $catalogs): array
    {
        $iblocks = Rows::list($catalogs->iblockIds());
        $element = "INNER JOIN b_iblock_element e ON e.IBLOCK_ID IN ($iblocks)";
        $walk = fn (string $name, string $from, string $id, string $table): Walk
            => new Walk($this->rows, $this->states, "sweep_$name", $from, $id, "$table.ID", "$table.TIMESTAMP_X");

        return [
            $walk('elements', "b_iblock_element e WHERE e.IBLOCK_ID IN ($iblocks)", 'e.ID', 'e'),
            $walk('products', "b_catalog_product p $element AND e.ID = p.ID WHERE 1 = 1", 'p.ID', 'p'),
            $walk('prices', "b_catalog_price r $element AND e.ID = r.PRODUCT_ID WHERE 1 = 1", 'r.PRODUCT_ID', 'r'),
        ];
    }

    private function orders(Connection $connection): int
    {
        $from = 'b_sale_order o INNER JOIN b_aligate_aliexpress_order m ON m.ORDER_ID = o.ID'
            . " WHERE m.CONNECTION_ID = {$connection->id}";
        $walk = new Walk($this->rows, $this->states, 'sweep_orders', $from, 'o.ID', 'o.ID', 'o.DATE_UPDATE');
        $written = 0;
        while (($ids = $walk->page($connection->id, $this->page)) !== null) {
            $written += $this->comparison->orders($connection, $ids);
        }

        return $written;
    }

    /** Elements that began or ceased to be active since the last turn, by the clock alone. */
    private function datesPassed(Connection $connection, Catalogs $catalogs): int
    {
        $now = (string)$this->rows->all('SELECT NOW() AS NOW_TEXT')[0]['NOW_TEXT'];
        $since = (string)($this->states->get($connection->id, self::DATES) ?? $now);
        $iblocks = Rows::list($catalogs->iblockIds());
        $since = $this->rows->texts([$since]);
        $written = 0;
        $after = 0;
        do {
            $rows = $this->rows->all(
                "SELECT ID FROM b_iblock_element WHERE IBLOCK_ID IN ($iblocks) AND ID > $after AND ("
                . "(ACTIVE_FROM >= $since AND ACTIVE_FROM <= '$now') OR (ACTIVE_TO >= $since AND ACTIVE_TO <= '$now'))"
                . " ORDER BY ID LIMIT {$this->page}"
            );
            $ids = array_map(static fn (array $row): int => (int)$row['ID'], $rows);
            $written += $this->comparison->products($connection, $ids);
            $after = $ids === [] ? $after : max($ids);
        } while (count($ids) === $this->page);
        $this->states->set($connection->id, self::DATES, $now);

        return $written;
    }

    /** @return array{list<int>, bool} the next products of all, and whether they were the last */
    private function next(Connection $connection): array
    {
        $after = (int)$this->states->get($connection->id, self::CURSOR);
        $rows = $this->rows->all(
            'SELECT ID FROM b_iblock_element WHERE IBLOCK_ID IN (' . Rows::list($connection->iblockIds) . ")"
            . " AND ID > $after ORDER BY ID LIMIT {$this->page}"
        );
        $ids = array_map(static fn (array $row): int => (int)$row['ID'], $rows);
        $isEnd = count($ids) < $this->page;
        $this->states->set($connection->id, self::CURSOR, $isEnd ? '0' : (string)max($ids));

        return [$ids, $isEnd];
    }
}
