<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

/** What is to be done about wanted states. */
final class Plan
{
    /**
     * @param list<Outgoing> $events
     * @param list<Fault> $faults rows that cannot be sent
     * @param list<Fault> $warnings what a person should know though everything goes on
     * @param list<SentRow> $claims SKUs that are remembered before anything is sent under them
     * @param list<SentRow> $releases SKUs that are given up without an event
     */
    public function __construct(
        public readonly array $events,
        public readonly array $faults,
        public readonly array $warnings,
        public readonly array $claims,
        public readonly array $releases,
    ) {
    }

    /** @return list<int> rows that an event or a fault settles */
    public function rowIds(): array
    {
        $ids = [];
        foreach ($this->events as $event) {
            array_push($ids, ...$event->want->rowIds);
        }
        foreach ($this->faults as $fault) {
            array_push($ids, ...$fault->rowIds);
        }

        return array_values(array_unique($ids));
    }
}
