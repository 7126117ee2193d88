<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

/** A row that could not be sent, with the reason. */
final class ParkedRow
{
    public function __construct(
        public readonly OutboxRow $row,
        public readonly string $code,
        public readonly string $detail,
        public readonly string $createdAt,
    ) {
    }
}
