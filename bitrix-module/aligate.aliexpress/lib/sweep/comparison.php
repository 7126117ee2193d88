<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sweep;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\ExchangeGate;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Outbox\OutboxRepository;
use Aligate\Aliexpress\Sending\Mark;
use Aligate\Aliexpress\Sending\Outgoing;
use Aligate\Aliexpress\Sending\Planner;
use Aligate\Aliexpress\Sending\SentRow;
use Aligate\Aliexpress\Sending\SituationReader;
use Aligate\Aliexpress\Sending\Wanted;

/**
 * Plans what would be told of products and orders if only differences counted, and writes those into the outbox.
 *
 * The very plan that the drain makes: what the sweep finds is what would be sent.
 */
final class Comparison
{
    /** @var array<string, array<int, true>> kind => entity => written in this turn */
    private array $written = [];

    public function __construct(private readonly SituationReader $reader, private readonly OutboxRepository $outbox)
    {
    }

    /** A new turn: what was written in the last one may be written again. */
    public function begin(): void
    {
        $this->written = [];
    }

    /**
     * @param list<int> $ids products or offers
     * @return int how many rows were written
     */
    public function products(Connection $connection, array $ids): int
    {
        return $ids === [] ? 0 : $this->write($connection, Wanted::check($ids));
    }

    /** @param list<int> $ids */
    public function orders(Connection $connection, array $ids): int
    {
        return $ids === [] ? 0 : $this->write($connection, Wanted::checkOrders($ids));
    }

    private function write(Connection $connection, Wanted $wanted): int
    {
        $plan = Planner::plan($connection, $wanted, $this->reader->read($connection, $wanted));
        $found = [];
        foreach ($plan->events as $event) {
            foreach (self::touched($event) as [$kind, $id]) {
                $found[$kind->value][$id] = $id;
            }
        }
        // What an exchange is at work on is found half-imported: it waits with the rest of the exchange.
        $isHeld = isset($found[Kind::Product->value]) && $this->outbox->holdsProducts($connection->id);
        $written = 0;
        foreach ($found as $kind => $ids) {
            $ids = array_diff_key($ids, $this->written[$kind] ?? []);
            $this->written[$kind] = ($this->written[$kind] ?? []) + array_fill_keys($ids, true);
            $wait = $isHeld && $kind === Kind::Product->value ? ExchangeGate::WAIT_SECS : null;
            $this->outbox->append($connection->id, Kind::from($kind), array_values($ids), Cause::Sweep, false, $wait);
            $written += count($ids);
        }

        return $written;
    }

    /** @return list<array{Kind, int}> */
    private static function touched(Outgoing $event): array
    {
        if ($event->marks !== []) {
            return array_map(
                static fn (Mark $one): array
                    => [$one->kind, $one->kind === Kind::Product ? $one->productId : $one->entityId],
                $event->marks,
            );
        }

        return array_map(static fn (SentRow $one): array => [Kind::Product, $one->productId], $event->releases);
    }
}
