<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Outbox\OutboxRow;

/** Which rows of a plan are done: a row is, when every event that it waits for was taken. */
final class Settling
{
    /** @var array<int, OutboxRow> */
    private array $rows = [];

    /** @var array<int, int> row => events that are still to be taken */
    private array $open = [];

    private bool $isStale = false;

    /** @var list<int> */
    private array $idle;

    /** @param list<OutboxRow> $rows */
    public function __construct(array $rows, Plan $plan)
    {
        foreach ($rows as $row) {
            $this->rows[$row->id] = $row;
        }
        foreach ($plan->events as $event) {
            foreach ($event->want->rowIds as $id) {
                $this->open[$id] = ($this->open[$id] ?? 0) + 1;
            }
        }
        $this->idle = array_values(array_diff(array_keys($this->rows), $plan->rowIds()));
    }

    /** @return list<int> rows that need no event */
    public function idle(): array
    {
        return $this->idle;
    }

    /**
     * @param array<Outgoing> $events
     * @return array<int, OutboxRow> rows that are done now
     */
    public function taken(array $events): array
    {
        $done = [];
        foreach ($events as $event) {
            foreach ($event->want->rowIds as $id) {
                if (isset($this->open[$id]) && --$this->open[$id] === 0) {
                    $done[$id] = $this->rows[$id];
                    unset($this->open[$id]);
                }
            }
        }

        return $done;
    }

    /**
     * @param list<int> $rowIds
     * @return array<int, OutboxRow> those of them that were not settled before
     */
    public function parked(array $rowIds): array
    {
        $parked = array_intersect_key($this->rows, array_flip($rowIds));
        $this->rows = array_diff_key($this->rows, $parked);
        $this->open = array_diff_key($this->open, $parked);

        return $parked;
    }

    /** The event's rows wait on: its state is read again, under a newer version. */
    public function stale(Outgoing $event): void
    {
        $this->isStale = true;
        foreach ($event->want->rowIds as $id) {
            unset($this->open[$id]);
        }
    }

    public function isStale(): bool
    {
        return $this->isStale;
    }
}
