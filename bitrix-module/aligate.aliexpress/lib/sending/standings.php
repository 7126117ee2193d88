<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Gateway\Exception\GatewayException;
use Aligate\Aliexpress\Gateway\Exception\Recoverable;
use Aligate\Aliexpress\Gateway\Exception\Unrecoverable;
use Aligate\Aliexpress\Outbox\StateRepository;

/** Keeps how sending goes, between hits and processes. */
final class Standings
{
    private const NAME = 'sending';

    /** A rest longer than any that is ordered was written by a clock that was wrong. */
    private const REST_SECS_MAX = 86400;

    /** @param \Closure(): int $now unix seconds */
    public function __construct(
        private readonly StateRepository $states,
        private readonly RetryStrategy $retry,
        private readonly \Closure $now,
    ) {
    }

    public function of(int $connectionId): Standing
    {
        return Standing::fromText((string)$this->states->get($connectionId, self::NAME));
    }

    /** Whether the connection rests after a failure. */
    public function isResting(int $connectionId): bool
    {
        $left = $this->of($connectionId)->restsUntil - ($this->now)();

        return $left > 0 && $left <= self::REST_SECS_MAX;
    }

    public function succeeded(int $connectionId): void
    {
        $this->states->set($connectionId, self::NAME, (new Standing(($this->now)()))->toText());
    }

    public function failed(int $connectionId, GatewayException $error): void
    {
        $before = $this->of($connectionId);
        $isRefusal = $error instanceof Unrecoverable;
        $failures = $isRefusal === $before->isRefused ? $before->failures + 1 : 1;
        $retryAfter = $error instanceof Recoverable ? $error->retryAfterSeconds : null;
        $now = ($this->now)();
        $until = $now + $this->retry->pause($failures, $isRefusal, $retryAfter);
        $detail = mb_substr($error->getMessage(), 0, 500);
        $code = $error->problemCode;
        $standing = new Standing($before->succeededAt, $failures, $now, $until, $isRefusal, $code, $detail);
        $this->states->set($connectionId, self::NAME, $standing->toText());
    }

    /** Ends a rest: the settings were changed, or a person wants it tried now. */
    public function wake(int $connectionId): void
    {
        $old = $this->of($connectionId);
        $woken = new Standing($old->succeededAt, 0, $old->failedAt, 0, $old->isRefused, $old->code, $old->detail);
        $this->states->set($connectionId, self::NAME, $woken->toText());
    }
}
