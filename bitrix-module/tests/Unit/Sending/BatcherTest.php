<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Sending;

use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Sending\Batch;
use Aligate\Aliexpress\Sending\Batcher;
use Aligate\Aliexpress\Sending\Outgoing;
use Aligate\Aliexpress\Sending\Want;
use PHPUnit\Framework\TestCase;

final class BatcherTest extends TestCase
{
    /** @test */
    public function nothingIsLostTheOrderStaysAndBothLimitsHold(): void
    {
        mt_srand(42);
        for ($round = 0; $round < 50; $round++) {
            [$eventsMax, $bytesMax] = [mt_rand(1, 20), mt_rand(200, 3000)];
            $events = array_map(static fn (int $at): Outgoing => self::event("$at", mt_rand(0, 400)), range(1, mt_rand(1, 60)));
            [$batches, $unfit] = (new Batcher($eventsMax, $bytesMax))->batches($events, 1);

            self::assertSame([], $unfit);
            self::assertSame($events, array_merge(...array_map(static fn (Batch $one): array => $one->events, $batches)));
            foreach ($batches as $batch) {
                self::assertLessThanOrEqual($eventsMax, count($batch->events));
                $bytes = strlen(json_encode(['events' => $batch->toArray()], JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES));
                self::assertTrue($bytes <= $bytesMax || count($batch->events) === 1, "$bytes of $bytesMax");
            }
        }
    }

    /** @test */
    public function anEventThatFitsNowhereIsNamedWithItsReason(): void
    {
        $fits = self::event('A', Batcher::DATA_BYTES_MAX - 100);
        $large = self::event('B', Batcher::DATA_BYTES_MAX);
        $broken = self::event("\xFF", 1);
        [$batches, $unfit] = (new Batcher(10, 1000))->batches([$fits, $large, $broken], 1);

        self::assertSame([[$fits]], array_map(static fn (Batch $one): array => $one->events, $batches));
        self::assertSame(['event_too_large', 'event_unencodable'], array_map(static fn (array $one): string => $one[1]->code, $unfit));
    }

    /** @test */
    public function halvesHoldAllThatTheWholeHeld(): void
    {
        $events = array_map(static fn (int $at): Outgoing => self::event("$at", 1), range(1, 5));
        $halves = (new Batch($events, 7))->halves();
        self::assertNotNull($halves);
        self::assertSame($events, [...$halves[0]->events, ...$halves[1]->events]);
        self::assertNull((new Batch([$events[0]], 7))->halves());
    }

    private static function event(string $sku, int $bytes): Outgoing
    {
        return new Outgoing(Outgoing::STOCK, ['sku' => $sku, 'quantity' => 1, 'x' => str_repeat('x', $bytes)], new Want([1], Cause::Edit));
    }
}
