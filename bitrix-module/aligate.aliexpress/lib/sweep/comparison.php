<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sweep;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Outbox\Cause;
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
    public function __construct(private readonly SituationReader $reader, private readonly OutboxRepository $outbox)
    {
    }

    /**
     * @param list<int> $ids products or offers
     * @return int how many rows were written
     */
    public function products(Connection $connection, array $ids, string $generation): int
    {
        return $ids === [] ? 0 : $this->write($connection, Wanted::check($ids), $generation);
    }

    /** @param list<int> $ids */
    public function orders(Connection $connection, array $ids, string $generation): int
    {
        return $ids === [] ? 0 : $this->write($connection, Wanted::checkOrders($ids), $generation);
    }

    private function write(Connection $connection, Wanted $wanted, string $generation): int
    {
        $plan = Planner::plan($connection, $wanted, $this->reader->read($connection, $wanted, $generation));
        $found = [];
        foreach ($plan->events as $event) {
            foreach (self::touched($event) as [$kind, $id]) {
                $found[$kind->value][$id] = $id;
            }
        }
        $written = 0;
        foreach ($found as $kind => $ids) {
            $this->outbox->append($connection->id, Kind::from($kind), array_values($ids), Cause::Sweep);
            $written += count($ids);
        }

        return $written;
    }

    /** @return list<array{Kind, int}> */
    private static function touched(Outgoing $event): array
    {
        if ($event->marks !== []) {
            return array_map(
                static fn (Mark $one): array => [$one->kind, $one->kind === Kind::Product ? $one->productId : $one->entityId],
                $event->marks,
            );
        }

        return array_map(static fn (SentRow $one): array => [Kind::Product, $one->productId], $event->releases);
    }
}
