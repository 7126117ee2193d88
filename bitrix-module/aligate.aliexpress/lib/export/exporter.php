<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Export;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Outbox\OutboxRepository;
use Aligate\Aliexpress\Outbox\StateRepository;

/**
 * The full export: writes every product of a connection into the outbox, in short steps by growing id.
 *
 * A step is made by the page's progress bar, or by the agent where no tab is open. Each takes the lock of its
 * connection, so that two never do the same page; a step that is cut off is made again, which is harmless.
 */
final class Exporter
{
    private const STATE = 'export';

    /** Products of one step. */
    private const PRODUCTS_MAX = 500;

    /** The agent goes on where the last step is older: then no tab is open. */
    private const TAB_IS_GONE_SECS = 60;

    /** @param \Closure(): int $now unix seconds */
    public function __construct(
        private readonly StateRepository $states,
        private readonly OutboxRepository $outbox,
        private readonly ProductList $products,
        private readonly \Closure $now,
    ) {
    }

    /**
     * Starts anew; one that runs is replaced.
     *
     * @throws \InvalidArgumentException where the infoblock is none of the connection's
     */
    public function start(Connection $connection, int $iblockId, int $sectionId, bool $isForced): Progress
    {
        if ($iblockId > 0 && !in_array($iblockId, $connection->iblockIds, true)) {
            throw new \InvalidArgumentException("the connection does not export the infoblock $iblockId");
        }
        $total = $this->products->count($this->iblocks($connection, $iblockId), $sectionId);
        $now = ($this->now)();
        $progress = new Progress(Progress::RUNNING, $iblockId, $sectionId, $isForced, 0, 0, $total, $now);
        $this->keep($connection, $progress);

        return $progress;
    }

    public function progress(Connection $connection): ?Progress
    {
        return Progress::fromText((string)$this->states->get($connection->id, self::STATE));
    }

    public function cancel(Connection $connection): ?Progress
    {
        $progress = $this->progress($connection);
        if ($progress === null || !$progress->isRunning()) {
            return $progress;
        }
        $progress = $progress->cancelled(($this->now)());
        $this->keep($connection, $progress);

        return $progress;
    }

    /** One page into the outbox. */
    public function step(Connection $connection): ?Progress
    {
        $progress = $this->progress($connection);
        if ($progress === null || !$progress->isRunning()) {
            return $progress;
        }
        $iblocks = $this->iblocks($connection, $progress->iblockId);
        $ids = $this->products->page($iblocks, $progress->sectionId, $progress->lastId, self::PRODUCTS_MAX);
        if ($ids !== []) {
            $this->append($connection, $ids, $progress->isForced);
        }
        $progress = $progress->after(count($ids), $ids === [] ? 0 : max($ids), ($this->now)());
        $this->keep($connection, $progress);

        return $progress;
    }

    /** Goes on with an export that was left behind, until it is over or the time is: what the agent does. */
    public function goOn(Connection $connection, float $until): void
    {
        if (!$this->isAbandoned($connection)) {
            return;
        }
        do {
            $progress = $this->step($connection);
        } while ($progress !== null && $progress->isRunning() && microtime(true) < $until);
    }

    /** Whether a started export stands still because its tab was closed. */
    public function isAbandoned(Connection $connection): bool
    {
        $progress = $this->progress($connection);

        return $progress !== null
            && $progress->isRunning()
            && $progress->movedAt < ($this->now)() - self::TAB_IS_GONE_SECS;
    }

    /** @param non-empty-list<int> $ids products */
    private function append(Connection $connection, array $ids, bool $isForced): void
    {
        if ($connection->sendsProducts) {
            $this->outbox->append($connection->id, Kind::Product, $ids, Cause::Export, $isForced);
        }
        $sellable = $this->products->sellable($ids);
        if ($connection->sendsStock) {
            $this->outbox->append($connection->id, Kind::Stock, $sellable, Cause::Export, $isForced);
        }
        if ($connection->sendsPrices) {
            $this->outbox->append($connection->id, Kind::Price, $sellable, Cause::Export, $isForced);
        }
    }

    /** @return list<int> */
    private function iblocks(Connection $connection, int $iblockId): array
    {
        return $iblockId > 0 ? [$iblockId] : $connection->iblockIds;
    }

    private function keep(Connection $connection, Progress $progress): void
    {
        $this->states->set($connection->id, self::STATE, $progress->toText());
    }
}
