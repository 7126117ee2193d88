<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Log;

/** A line of the log. */
final class Line
{
    /** @param string $at UTC, `YYYY-MM-DD HH:MM:SS` */
    public function __construct(
        public readonly int $id,
        public readonly int $connectionId,
        public readonly string $at,
        public readonly Level $level,
        public readonly string $code,
        public readonly string $detail,
    ) {
    }
}
