<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Outbox\OutboxRow;

/** Rows of the outbox, coalesced: one want for each entity and kind. */
final class Wanted
{
    /** @param array<string, array<int, Want>> $wants kind => entity => its want */
    private function __construct(private readonly array $wants)
    {
    }

    /** @param list<OutboxRow> $rows of entities, not scopes */
    public static function fromRows(array $rows): self
    {
        $wants = [];
        foreach ($rows as $row) {
            $known = $wants[$row->kind->value][$row->entityId] ?? null;
            $want = new Want([$row->id], $row->cause, $row->isForced);
            $wants[$row->kind->value][$row->entityId] = $want->with($known);
        }

        return new self($wants);
    }

    /**
     * Everything of these products that differs from what was last told.
     *
     * @param list<int> $productIds
     */
    public static function check(array $productIds): self
    {
        $check = new Want([], Cause::Sweep, false, true);

        return new self([Kind::Product->value => array_fill_keys($productIds, $check)]);
    }

    /**
     * These orders where they differ from what was last told.
     *
     * @param list<int> $orderIds
     */
    public static function checkOrders(array $orderIds): self
    {
        $check = new Want([], Cause::Sweep, false, true);

        return new self([Kind::Order->value => array_fill_keys($orderIds, $check)]);
    }

    /** @return array<int, Want> */
    public function of(Kind $kind): array
    {
        return $this->wants[$kind->value] ?? [];
    }

    /** @return list<int> */
    public function ids(Kind ...$kinds): array
    {
        $ids = [];
        foreach ($kinds as $kind) {
            $ids += $this->of($kind);
        }

        return array_keys($ids);
    }

    /** @return list<int> */
    public function rowIds(): array
    {
        $ids = [];
        foreach ($this->wants as $ofKind) {
            foreach ($ofKind as $want) {
                array_push($ids, ...$want->rowIds);
            }
        }

        return $ids;
    }
}
