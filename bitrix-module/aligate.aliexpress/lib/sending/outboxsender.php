<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Gateway\DeliveryResult;
use Aligate\Aliexpress\Gateway\Exception\GatewayException;
use Aligate\Aliexpress\Gateway\Exception\Unrecoverable;
use Aligate\Aliexpress\Gateway\GatewayClient;
use Aligate\Aliexpress\Gateway\RejectedEvent;
use Aligate\Aliexpress\Log\Journal;
use Aligate\Aliexpress\Log\Level;
use Aligate\Aliexpress\Outbox\OutboxRepository;
use Aligate\Aliexpress\Outbox\OutboxRow;
use Aligate\Aliexpress\Outbox\StateRepository;

/**
 * Delivers a plan's events and writes down what became of them.
 *
 * SKUs are claimed before, rows are acknowledged after the gateway has answered, and what was told is remembered in
 * between:
 * PHP that dies anywhere leaves rows waiting, and what it did is done again, harmlessly.
 */
final class OutboxSender
{
    private const GENERATION = 'generation';

    public function __construct(
        private readonly OutboxRepository $outbox,
        private readonly SentRepository $sent,
        private readonly StateRepository $states,
        private readonly VersionClock $versions,
        private readonly Standings $standings,
        private readonly Journal $journal,
        private readonly Batcher $batcher,
    ) {
    }

    /**
     * @param list<OutboxRow> $rows what the plan was made for
     * @param bool $holdsBack whether what takes off sale is parked instead
     * @param \Closure(): bool $isOver whether the time is up: no further delivery is begun
     * @return bool false where events were stale and their rows have to be read again
     * @throws GatewayException where the gateway took no more; what it took before is acknowledged
     */
    public function send(
        Connection $connection,
        GatewayClient $client,
        Plan $plan,
        array $rows,
        int $version,
        bool $holdsBack,
        \Closure $isOver,
    ): bool {
        $settling = new Settling($rows, $plan);
        foreach ($plan->warnings as $warning) {
            $this->journal->write($connection->id, Level::Warning, $warning->code, $warning->detail);
        }
        $this->faults($connection, $settling, $plan->faults);
        $this->outbox->drop($settling->idle());
        $this->sent->release($connection->id, $plan->releases);
        $this->sent->claim($connection->id, $plan->claims);
        $events = $this->sendable($connection, $plan, $settling, $holdsBack);
        [$batches, $unfit] = $this->batcher->batches($events, $version);
        foreach ($unfit as [$event, $fault]) {
            $this->refused($connection, $settling, $event, $fault->code, $fault->detail);
        }
        foreach ($batches as $batch) {
            if ($isOver()) {
                break;
            }
            $this->deliver($connection, $client, $batch, $settling);
        }

        return !$settling->isStale();
    }

    /** @return list<Outgoing> */
    private function sendable(Connection $connection, Plan $plan, Settling $settling, bool $holdsBack): array
    {
        $sendable = [];
        foreach ($plan->events as $event) {
            if ($holdsBack && $event->withdraws()) {
                $detail = 'it takes goods off sale, and the shop\'s data may be old';
                $this->park($connection, $settling, new Fault($event->want->rowIds, Restoration::CODE, $detail));
            } else {
                $sendable[] = $event;
            }
        }

        return $sendable;
    }

    /**
     * One delivery; where the gateway cannot take it because of what is in it, halves of it, until the culprit stands
     * alone.
     */
    private function deliver(Connection $connection, GatewayClient $client, Batch $batch, Settling $settling): void
    {
        try {
            $result = $client->postEvents($batch->toArray());
        } catch (Unrecoverable $error) {
            if ($error->rejected !== []) {
                $this->rejected($connection, $settling, $batch, $error->rejected);

                return;
            }
            if (!self::blamesContent($error)) {
                throw $error;
            }
            $halves = $batch->halves();
            if ($halves === null) {
                $this->refused($connection, $settling, $batch->events[0], $error->problemCode, $error->getMessage());

                return;
            }
            $this->deliver($connection, $client, $halves[0], $settling);
            $this->deliver($connection, $client, $halves[1], $settling);

            return;
        }
        $this->taken($connection, $settling, $batch, $result);
    }

    private function taken(Connection $connection, Settling $settling, Batch $batch, DeliveryResult $result): void
    {
        $left = $batch->events;
        foreach ($result->stale as $stale) {
            $this->versions->raise($connection->id, $stale->version);
            if (isset($left[$stale->index])) {
                $settling->stale($left[$stale->index]);
                unset($left[$stale->index]);
            }
        }
        $rejected = array_column($result->rejected, null, 'index');
        $taken = array_diff_key($left, $rejected);
        $this->remember($connection, $taken);
        foreach ($taken as $event) {
            $this->sent->release($connection->id, $event->releases);
        }
        $this->rejected($connection, $settling, $batch, $result->rejected);
        $done = $settling->taken($taken);
        $this->outbox->acknowledge(array_keys($done), $result->store);
        $this->forgive($connection, $done, $done === [] ? 0 : max(array_keys($done)));
        $this->seen($connection, $result->store);
        $this->standings->succeeded($connection->id);
    }

    /** @param list<RejectedEvent> $rejected */
    private function rejected(Connection $connection, Settling $settling, Batch $batch, array $rejected): void
    {
        foreach ($rejected as $one) {
            if (isset($batch->events[$one->index])) {
                $this->refused($connection, $settling, $batch->events[$one->index], $one->code, $one->detail);
            }
        }
    }

    /** An event that never becomes acceptable: its rows are parked, and the sweep does not find it again. */
    private function refused(
        Connection $connection,
        Settling $settling,
        Outgoing $event,
        string $code,
        string $detail,
    ): void {
        $this->remember($connection, [$event]);
        $detail = "{$event->type}: $detail";
        $this->park($connection, $settling, new Fault($event->want->rowIds, $code, $detail));
        $this->journal->write($connection->id, Level::Error, $code, $detail);
    }

    /** @param array<Outgoing> $events */
    private function remember(Connection $connection, array $events): void
    {
        $marks = array_map(static fn (Outgoing $one): array => $one->marks, array_values($events));
        $this->sent->told($connection->id, array_merge([], ...$marks));
    }

    private function park(Connection $connection, Settling $settling, Fault $fault): void
    {
        $parked = $settling->parked($fault->rowIds);
        if ($parked !== []) {
            $this->outbox->park(array_keys($parked), $fault->code, $fault->detail);
            $this->forgive($connection, $parked, min(array_keys($parked)));
        }
    }

    /**
     * Rows that cannot be sent, each with its reason; the log names one of each kind.
     *
     * @param list<Fault> $faults
     */
    private function faults(Connection $connection, Settling $settling, array $faults): void
    {
        $examples = [];
        foreach ($faults as $fault) {
            $this->park($connection, $settling, $fault);
            $examples[$fault->code] ??= $fault->detail;
        }
        foreach ($examples as $code => $detail) {
            $this->journal->write($connection->id, Level::Error, (string)$code, $detail);
        }
    }

    /**
     * What was parked of the same entities before is settled by these rows.
     *
     * @param array<int, OutboxRow> $rows by id
     */
    private function forgive(Connection $connection, array $rows, int $beforeId): void
    {
        $entities = [];
        foreach ($rows as $row) {
            $entities[$row->kind->value][$row->entityId] = $row;
        }
        foreach ($entities as $ofKind) {
            $this->outbox->forgive($connection->id, reset($ofKind)->kind, array_keys($ofKind), $beforeId);
        }
    }

    /**
     * Another generation means that the gateway's store was emptied or failed over: what it acknowledged lately goes
     * again,
     * and of the rest nothing counts as told, so that the sweep finds it.
     */
    private function seen(Connection $connection, string $generation): void
    {
        $before = (string)$this->states->get($connection->id, self::GENERATION);
        if ($generation === '' || $generation === $before) {
            return;
        }
        if ($before !== '') {
            $again = $this->outbox->reopen($connection->id, $generation);
            $this->sent->forgetTold($connection->id);
            $detail = "the gateway's store was emptied or failed over: $again rows are sent again,"
                . ' the sweep tells the rest anew';
            $this->journal->write($connection->id, Level::Warning, 'gateway_emptied', $detail);
        }
        $this->states->set($connection->id, self::GENERATION, $generation);
    }

    /** Whether fewer or other events may be taken: too large, not readable, or nothing acceptable in it. */
    private static function blamesContent(Unrecoverable $error): bool
    {
        return in_array($error->status, [400, 413, 422], true) || $error->problemCode === 'events_unencodable';
    }
}
