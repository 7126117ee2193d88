<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

/** That something was seen to change. */
final class Touch
{
    /** @param int|null $waitSeconds how long it waits for the end of an exchange at most; null: it may go at once */
    public function __construct(
        public readonly Kind $kind,
        public readonly int $entityId,
        public readonly Cause $cause,
        public readonly ?int $waitSeconds = null,
    ) {
    }
}
