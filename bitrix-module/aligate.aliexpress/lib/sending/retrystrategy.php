<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

/** How long a connection rests after its gateway failed or refused. The outbox keeps everything meanwhile. */
final class RetryStrategy
{
    private const FIRST_SECS = 2;
    private const SECS_MAX = 300;

    /** Somebody has to change a setting first: it is looked again now and then whether they did. */
    private const REFUSED_FIRST_SECS = 60;
    private const REFUSED_SECS_MAX = 900;

    /** @param \Closure(): float $random from 0 to 1 */
    public function __construct(private readonly \Closure $random)
    {
    }

    public static function create(): self
    {
        return new self(static fn (): float => random_int(0, 1000) / 1000);
    }

    /**
     * Seconds to rest: twice as long after each failure in a row, the second half of it by chance, so that many shops
     * do not
     * come back at once. Never shorter than the gateway asks.
     *
     * @param int $failures in a row, this one included
     * @param int|null $retryAfter what the gateway asks for
     */
    public function pause(int $failures, bool $isRefusal, ?int $retryAfter): int
    {
        [$first, $max] = $isRefusal
            ? [self::REFUSED_FIRST_SECS, self::REFUSED_SECS_MAX]
            : [self::FIRST_SECS, self::SECS_MAX];
        $whole = min($max, $first * 2 ** min(20, max(0, $failures - 1)));
        $pause = (int)ceil($whole / 2 + $whole / 2 * ($this->random)());

        return max($pause, $retryAfter ?? 0);
    }
}
