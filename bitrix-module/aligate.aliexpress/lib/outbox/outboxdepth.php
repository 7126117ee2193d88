<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

/** How full the outbox of a connection is. */
final class OutboxDepth
{
    /**
     * @param int $waiting rows that are still to be sent, those held back by an exchange included
     * @param int $oldestSeconds the age of the oldest of them; 0 where nothing waits
     * @param int $parked rows that a person must look at
     */
    public function __construct(
        public readonly int $waiting,
        public readonly int $oldestSeconds,
        public readonly int $parked,
    ) {
    }
}
