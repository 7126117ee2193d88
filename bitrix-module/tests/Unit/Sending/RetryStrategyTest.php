<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Sending;

use Aligate\Aliexpress\Sending\RetryStrategy;
use PHPUnit\Framework\TestCase;

final class RetryStrategyTest extends TestCase
{
    /** @test */
    public function eachFailureInARowRestsTwiceAsLongUpToALimit(): void
    {
        $longest = new RetryStrategy(static fn (): float => 1.0);
        $pauses = array_map(static fn (int $failures): int => $longest->pause($failures, false, null), [1, 2, 3, 4, 8, 9, 1000]);
        self::assertSame([2, 4, 8, 16, 256, 300, 300], $pauses);
        self::assertSame([60, 120, 900], array_map(static fn (int $n): int => $longest->pause($n, true, null), [1, 2, 50]));
    }

    /** @test */
    public function theSecondHalfIsByChance(): void
    {
        $shortest = new RetryStrategy(static fn (): float => 0.0);
        self::assertSame([1, 2, 150], array_map(static fn (int $n): int => $shortest->pause($n, false, null), [1, 2, 50]));
    }

    /** @test */
    public function itIsNeverShorterThanTheGatewayAsks(): void
    {
        $shortest = new RetryStrategy(static fn (): float => 0.0);
        self::assertSame(3600, $shortest->pause(1, false, 3600));
        self::assertSame(150, $shortest->pause(50, false, 5));
    }
}
