<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

use Aligate\Aliexpress\Log\Journal;
use Aligate\Aliexpress\Log\Level;

/**
 * Where failures of handlers go: the kernel's log and the module's. It never throws, and says little of a failure that
 * repeats.
 */
final class FailureLog
{
    /** Failures of one hit that are written; an exchange may meet one a hundred thousand times. */
    private const FAILURES_MAX = 5;

    private int $written = 0;

    /** @param \Closure(\Throwable): void $kernel the kernel's own log */
    public function __construct(private readonly Journal $journal, private readonly \Closure $kernel)
    {
    }

    public function write(\Throwable $error): void
    {
        if ($this->written >= self::FAILURES_MAX) {
            return;
        }
        $this->written++;
        try {
            ($this->kernel)($error);
        } catch (\Throwable) {
            // The other log is still there.
        }
        try {
            $this->journal->write(0, Level::Error, 'change_not_kept', $error::class . ': ' . $error->getMessage());
        } catch (\Throwable) {
            // Mostly it is the database that has failed; the kernel's log has said so.
        }
    }
}
