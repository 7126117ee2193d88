<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Gateway\Exception\GatewayException;
use Aligate\Aliexpress\Gateway\Exception\Unrecoverable;
use Aligate\Aliexpress\Gateway\GatewayClient;
use Aligate\Aliexpress\Log\Journal;
use Aligate\Aliexpress\Log\Level;
use Aligate\Aliexpress\Outbox\OutboxRepository;
use Aligate\Aliexpress\Outbox\OutboxRow;
use Aligate\Aliexpress\Outbox\ScopeExpander;
use Bitrix\Main\DB\Connection as Database;

/**
 * Empties a connection's outbox into its gateway, for as long as it may. One at a time for a connection, whichever
 * server
 * or process it runs on.
 *
 * Each turn: take rows, version, read states, plan, deliver, settle. The version is older than what is read, so
 * a change
 * in between is told again under a newer one.
 */
final class Drain
{
    /** Rows of one turn. */
    private const ROWS_MAX = 500;

    /** Turns in a row that only found stale events. */
    private const STALE_TURNS_MAX = 5;

    /** Of the time that is left, this part may go into expanding scopes. */
    private const EXPANDING_PART = 0.25;

    /** @param \Closure(): float $clock seconds, as `microtime(true)` gives them */
    public function __construct(
        private readonly Database $database,
        private readonly OutboxRepository $outbox,
        private readonly ScopeExpander $scopes,
        private readonly SituationReader $reader,
        private readonly OutboxSender $sender,
        private readonly VersionClock $versions,
        private readonly Restoration $restoration,
        private readonly Standings $standings,
        private readonly Journal $journal,
        private readonly \Closure $clock,
    ) {
    }

    /** @param float $deadline of the clock; a turn that has begun is ended */
    public function run(Connection $connection, GatewayClient $client, float $deadline): DrainReport
    {
        if (!$connection->isReady() || $this->standings->isResting($connection->id)) {
            return DrainReport::Resting;
        }
        $lock = "aligate_aliexpress_drain_{$connection->id}";
        if (!$this->database->lock($lock, 0)) {
            return DrainReport::Busy;
        }
        try {
            $this->restoration->look($connection->id);

            return $this->drain($connection, $client, $deadline);
        } catch (GatewayException $error) {
            $this->standings->failed($connection->id, $error);
            $level = $error instanceof Unrecoverable ? Level::Error : Level::Warning;
            $this->journal->write($connection->id, $level, $error->problemCode, $error->getMessage());

            return DrainReport::Failed;
        } finally {
            $this->database->unlock($lock);
        }
    }

    private function drain(Connection $connection, GatewayClient $client, float $deadline): DrainReport
    {
        $staleTurns = 0;
        do {
            $now = ($this->clock)();
            $this->scopes->run($connection, microtime(true) + max(0.0, $deadline - $now) * self::EXPANDING_PART);
            $rows = $this->outbox->take($connection->id, self::ROWS_MAX);
            if ($rows === []) {
                return DrainReport::Drained;
            }
            $isFresh = $this->turn($connection, $client, $rows, $deadline);
            $staleTurns = $isFresh ? 0 : $staleTurns + 1;
        } while (($this->clock)() < $deadline && $staleTurns < self::STALE_TURNS_MAX);

        return DrainReport::OutOfTime;
    }

    /**
     * @param non-empty-list<OutboxRow> $rows
     * @return bool whether no event was stale
     */
    private function turn(Connection $connection, GatewayClient $client, array $rows, float $deadline): bool
    {
        $version = $this->versions->next($connection->id);
        $this->restoration->issued($connection->id, $version);
        try {
            $wanted = Wanted::fromRows($rows);
            $situation = $this->reader->read($connection, $wanted);
            $plan = Planner::plan($connection, $wanted, $situation);
        } catch (\Throwable $error) {
            return $this->withoutTheUnreadable($connection, $client, $rows, $deadline, $error);
        }
        $isOver = fn (): bool => ($this->clock)() >= $deadline;
        $holdsBack = $this->restoration->isHeld($connection->id);

        return $this->sender->send($connection, $client, $plan, $rows, $version, $holdsBack, $isOver);
    }

    /**
     * Something among these rows cannot be read: halves of them, until it stands alone and is parked.
     *
     * @param non-empty-list<OutboxRow> $rows
     */
    private function withoutTheUnreadable(
        Connection $connection,
        GatewayClient $client,
        array $rows,
        float $deadline,
        \Throwable $error,
    ): bool {
        if (count($rows) === 1) {
            // Not the message: a failed query may carry the shop's data.
            $detail = $error::class . ' in ' . basename($error->getFile()) . ':' . $error->getLine();
            $this->outbox->park([$rows[0]->id], 'state_unreadable', $detail);
            $this->journal->write($connection->id, Level::Error, 'state_unreadable', $detail);

            return true;
        }
        $isFresh = true;
        foreach (array_chunk($rows, intdiv(count($rows) + 1, 2)) as $half) {
            $isFresh = $this->turn($connection, $client, $half, $deadline) && $isFresh;
        }

        return $isFresh;
    }
}
