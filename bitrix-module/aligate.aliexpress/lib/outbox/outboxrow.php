<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

/** One row of the outbox: that this entity changed, not how. */
final class OutboxRow
{
    public function __construct(
        public readonly int $id,
        public readonly int $connectionId,
        public readonly Kind $kind,
        public readonly int $entityId,
        public readonly Cause $cause,
        public readonly bool $isForced,
    ) {
    }

    /** @param array<string, mixed> $row as the database gives it */
    public static function fromDatabase(array $row): self
    {
        return new self(
            (int)$row['ID'],
            (int)$row['CONNECTION_ID'],
            Kind::from((string)$row['KIND']),
            (int)$row['ENTITY_ID'],
            Cause::tryFrom((string)$row['CAUSE']) ?? Cause::Edit,
            $row['FORCED'] === 'Y',
        );
    }
}
