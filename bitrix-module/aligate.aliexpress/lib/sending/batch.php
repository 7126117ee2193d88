<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

/** Events of one delivery. */
final class Batch
{
    /** @param non-empty-list<Outgoing> $events */
    public function __construct(public readonly array $events, public readonly int $version)
    {
    }

    /** @return list<array<string, mixed>> */
    public function toArray(): array
    {
        return array_map(fn (Outgoing $one): array => $one->toArray($this->version), $this->events);
    }

    /** @return array{self, self}|null two halves; null where there is one event alone */
    public function halves(): ?array
    {
        if (count($this->events) < 2) {
            return null;
        }
        $middle = intdiv(count($this->events), 2);

        return [
            new self(array_slice($this->events, 0, $middle), $this->version),
            new self(array_slice($this->events, $middle), $this->version),
        ];
    }
}
