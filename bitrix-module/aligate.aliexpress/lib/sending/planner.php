<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Reading\Price;
use Aligate\Aliexpress\Reading\SkuFinder;

/**
 * From what is wanted and what the shop says to events. Pure.
 *
 * - Stock and prices belong to a SKU, not to an element: what two elements share is told once, the smaller stock and
 * neither price.
 * - A SKU that its element no longer bears, whatever the reason, is told as sold out, unless another element bears it.
 * - What nobody sees (inactive, or without a price) is told as sold out.
 */
final class Planner
{
    /** @var array<string, non-empty-list<int>> SKU => the elements that bear it now */
    private array $holders = [];

    /** @var array<int, array<string, SentRow>> element => SKU => what was told */
    private array $told = [];

    /** @var array<int, list<SentRow>> product => what was told of its elements */
    private array $ofProduct = [];

    /** @var array<string, Want> */
    private array $stocks = [];

    /** @var array<string, Want> */
    private array $prices = [];

    /** @var array<string, list<SentRow>> SKU => memories of those that gave it up */
    private array $given = [];

    /** @var array<string, Want> SKU that nobody bears => who asks */
    private array $zeros = [];

    /** @var array<int, Want> */
    private array $products = [];

    /** @var array<int, Want> products that are gone */
    private array $deletions = [];

    /** @var list<Outgoing> */
    private array $events = [];

    /** @var list<Fault> */
    private array $faults = [];

    /** @var array<string, Fault> */
    private array $warnings = [];

    /** @var list<SentRow> */
    private array $releases = [];

    private function __construct(private readonly Connection $connection, private readonly Situation $now)
    {
        foreach ($now->skus as $id => $sku) {
            if (SkuFinder::fault($sku) === null) {
                $this->holders[$sku][] = $id;
            }
        }
        foreach ($now->memory as $row) {
            $this->told[$row->elementId][$row->sku] = $row;
            $this->ofProduct[$row->productId][] = $row;
        }
    }

    public static function plan(Connection $connection, Wanted $wanted, Situation $now): Plan
    {
        $planner = new self($connection, $now);
        foreach ($wanted->of(Kind::Product) as $id => $want) {
            $planner->product($id, $want);
        }
        foreach ($wanted->of(Kind::Stock) as $id => $want) {
            $planner->sold($id, $want, Kind::Stock, true);
        }
        foreach ($wanted->of(Kind::Price) as $id => $want) {
            $planner->sold($id, $want, Kind::Price, true);
        }
        foreach ($wanted->of(Kind::Order) as $id => $want) {
            $planner->order($id, $want);
        }
        $planner->tell();

        return $planner->result();
    }

    /** A product, or what is left of one; an offer stands for its product. */
    private function product(int $id, Want $want): void
    {
        $productId = $this->now->goods->productId($id);
        if ($productId !== null) {
            $this->products[$productId] = $want->with($this->products[$productId] ?? null);
            if ($productId !== $id) {
                $this->giveUpOthers($id, $want);
            }

            return;
        }
        if (isset($this->ofProduct[$id])) {
            $this->deletions[$id] = $want->with($this->deletions[$id] ?? null);
        }
        foreach ($this->told[$id] ?? [] as $row) {
            if ($row->productId !== $id) {
                $this->giveUp($row, $want, true);
                $this->product($row->productId, $want);
            }
        }
    }

    /** What has stock and a price of its own, or had. */
    private function sold(int $id, Want $want, Kind $kind, bool $isReported): void
    {
        $this->giveUpOthers($id, $want);
        $sku = $this->now->skus[$id] ?? null;
        if ($sku === null) {
            $this->soldByOffers($id, $want, $kind);

            return;
        }
        $fault = SkuFinder::fault($sku);
        if ($fault !== null) {
            if ($isReported) {
                $this->faults[] = new Fault($want->rowIds, $fault, $this->named($id));
            }

            return;
        }
        if ($kind === Kind::Stock && $this->connection->sendsStock) {
            $this->stocks[$sku] = $want->with($this->stocks[$sku] ?? null);
        }
        if ($kind !== Kind::Price || !$this->connection->sendsPrices) {
            return;
        }
        $this->prices[$sku] = $want->with($this->prices[$sku] ?? null);
        if ($this->connection->sendsStock) {
            // A price that came, went or became zero decides whether anything is sold at all.
            $this->stocks[$sku] = $want->derived()->with($this->stocks[$sku] ?? null);
        }
    }

    /**
     * What makes a product appear or vanish, does it to the stock of its offers, and that does not wait for the
     * product.
     */
    private function soldByOffers(int $productId, Want $want, Kind $kind): void
    {
        foreach ($this->now->goods->offersOf[$productId] ?? [] as $offerId) {
            if (isset($this->now->skus[$offerId])) {
                $this->sold($offerId, $want->derived(), $kind, false);
            }
        }
    }

    /**
     * SKUs that were told of an element and that it does not bear now. Those of an element that is gone are
     * remembered until its product was told: only the memory knows which that was.
     */
    private function giveUpOthers(int $id, Want $want): void
    {
        $isThere = $this->now->goods->productId($id) !== null;
        foreach ($this->told[$id] ?? [] as $row) {
            if (($this->now->skus[$id] ?? null) !== $row->sku) {
                $this->giveUp($row, $want, $isThere);
            }
        }
    }

    /** @param bool $isFinal whether the SKU is forgotten once it is told */
    private function giveUp(SentRow $row, Want $want, bool $isFinal): void
    {
        if ($isFinal) {
            $this->given[$row->sku][$row->elementId] = $row;
        }
        if (isset($this->holders[$row->sku])) {
            $this->stocks[$row->sku] = $want->derived()->with($this->stocks[$row->sku] ?? null);
            $this->prices[$row->sku] = $want->derived()->with($this->prices[$row->sku] ?? null);
        } else {
            $this->zeros[$row->sku] = $want->with($this->zeros[$row->sku] ?? null);
        }
    }

    /** Everything that was sent of a product that is gone. */
    private function tellDeletion(int $id, Want $want): void
    {
        $gone = [];
        $skus = [];
        foreach ($this->ofProduct[$id] ?? [] as $row) {
            if (!$this->connection->sendsProducts || isset($this->holders[$row->sku])) {
                $this->giveUp($row, $want, true);
            } else {
                $gone[] = $row;
                $skus[$row->sku] = $row->sku;
            }
        }
        if ($this->connection->sendsProducts) {
            $skus = array_map(strval(...), array_values($skus));
            $this->events[] = new Outgoing(Outgoing::DELETED, EventBuilder::deleted($id, $skus), $want, [], $gone);
        }
    }

    private function order(int $id, Want $want): void
    {
        $order = $this->now->orders[$id] ?? null;
        if ($order === null || !$this->connection->sendsOrders) {
            return;
        }
        // Goods that are gone since are known by what they were sent under.
        $sent = array_map(static fn (array $rows): string => end($rows)->sku, $this->told);
        $skus = array_filter($this->now->skus) + $sent;
        $data = EventBuilder::order($order, $skus, $this->connection->orders->carriers);
        if ($data === null) {
            return;
        }
        $hash = EventBuilder::hash($data);
        if ($want->asksFor($hash, $order->sentHash)) {
            $this->events[] = new Outgoing(Outgoing::ORDER, $data, $want, [new Mark(Kind::Order, $id, 0, '', $hash)]);
        }
    }

    private function tell(): void
    {
        foreach ($this->products as $productId => $want) {
            $this->tellProduct($productId, $want);
        }
        foreach ($this->deletions as $productId => $want) {
            $this->tellDeletion($productId, $want);
        }
        $carried = [];
        foreach ($this->prices as $sku => $want) {
            $carried[$sku] = $this->tellPrice((string)$sku, $want);
        }
        foreach ($this->stocks as $sku => $want) {
            $this->tellStock((string)$sku, $want, $carried[$sku] ?? false);
        }
        foreach ($this->zeros as $sku => $want) {
            $given = array_values($this->given[$sku] ?? []);
            if ($this->connection->sendsStock) {
                $data = EventBuilder::stock((string)$sku, 0);
                $this->events[] = new Outgoing(Outgoing::STOCK, $data, $want, [], $given);
            } else {
                array_push($this->releases, ...$given);
            }
        }
    }

    private function tellStock(string $sku, Want $want, bool $isGivenWithPrice): void
    {
        $holders = $this->holders[$sku];
        $quantity = min(array_map($this->quantity(...), $holders));
        $data = EventBuilder::stock($sku, $quantity);
        $hash = EventBuilder::hash($data);
        $given = $isGivenWithPrice ? [] : array_values($this->given[$sku] ?? []);
        if (count($holders) > 1) {
            $this->warn('sku_duplicate', $sku, implode(', ', array_map($this->named(...), $holders)));
        }
        if ($this->connection->sendsStock && $want->asksFor($hash, ...$this->hashes($sku, Kind::Stock))) {
            $marks = $this->marks($sku, Kind::Stock, $hash);
            $this->events[] = new Outgoing(Outgoing::STOCK, $data, $want, $marks, $given);
        } else {
            array_push($this->releases, ...$given);
        }
    }

    /** Whether it is told. */
    private function tellPrice(string $sku, Want $want): bool
    {
        $holders = $this->holders[$sku];
        $price = $this->now->prices[$holders[0]] ?? null;
        if (count($holders) > 1) {
            if (!$want->isCheck && $want->rowIds !== []) {
                $names = implode(', ', array_map($this->named(...), $holders));
                $this->faults[] = new Fault($want->rowIds, 'sku_duplicate', "$sku: $names");
            }

            return false;
        }
        if ($price === null || !$this->connection->sendsPrices) {
            return false;
        }
        $data = EventBuilder::price($sku, $price);
        $hash = EventBuilder::hash($data);
        if (!$want->asksFor($hash, ...$this->hashes($sku, Kind::Price))) {
            return false;
        }
        $marks = $this->marks($sku, Kind::Price, $hash);
        $this->events[] = new Outgoing(Outgoing::PRICE, $data, $want, $marks, array_values($this->given[$sku] ?? []));

        return true;
    }

    /** The product itself, and of its stock and prices what differs from what was told. */
    private function tellProduct(int $productId, Want $want): void
    {
        foreach ($this->ofProduct[$productId] ?? [] as $row) {
            if (($this->now->skus[$row->elementId] ?? null) !== $row->sku) {
                $this->giveUp($row, $want, true);
            }
        }
        $skus = [];
        $sellable = $this->now->goods->sellableOf($productId);
        foreach ($sellable as $id) {
            $this->sold($id, $want->derived(), Kind::Stock, false);
            $this->sold($id, $want->derived(), Kind::Price, false);
            $sku = (string)($this->now->skus[$id] ?? '');
            $fault = SkuFinder::fault($sku);
            if ($fault === null && !in_array($sku, $skus, true)) {
                $skus[$id] = $sku;
            } elseif ($fault !== null && $want->rowIds !== []) {
                $this->warn($fault, (string)$id, $this->named($id));
            }
        }
        $product = $this->now->products[$productId] ?? null;
        if ($skus === [] && $sellable !== []) {
            $fault = SkuFinder::fault((string)($this->now->skus[$sellable[0]] ?? '')) ?? 'sku_missing';
            $this->faults[] = new Fault($want->rowIds, $fault, $this->named($productId));
        }
        if ($product === null || ($skus === [] && ($sellable !== [] || !isset($this->ofProduct[$productId])))) {
            return;
        }
        $quantities = array_combine(array_keys($skus), array_map($this->quantity(...), array_keys($skus)));
        $prices = array_filter(
            array_intersect_key($this->now->prices, $skus),
            fn (Price $price, int $id): bool => count($this->holders[$skus[$id]]) === 1,
            ARRAY_FILTER_USE_BOTH,
        );
        $data = EventBuilder::product($product, $skus, $quantities, $prices);
        $hash = EventBuilder::contentHash($data);
        $marks = [];
        $told = [];
        foreach ($skus as $id => $sku) {
            $marks[] = new Mark(Kind::Product, $id, $productId, $sku, $hash);
            $told[] = ($this->told[$id][$sku] ?? null)?->productHash;
        }
        if ($want->asksFor($hash, ...$told)) {
            $this->events[] = new Outgoing(Outgoing::PRODUCT, $data, $want, $marks);
        }
    }

    /** Pieces that may be sold of an element now. */
    private function quantity(int $id): int
    {
        $hasPrice = !$this->connection->sendsPrices || isset($this->now->prices[$id]);

        return $hasPrice && $this->now->goods->isActive($id) ? $this->now->stocks[$id] ?? 0 : 0;
    }

    /** @return list<string|null> */
    private function hashes(string $sku, Kind $kind): array
    {
        return array_map(fn (int $id): ?string => ($this->told[$id][$sku] ?? null)?->hash($kind), $this->holders[$sku]);
    }

    /** @return list<Mark> */
    private function marks(string $sku, Kind $kind, string $hash): array
    {
        $mark = fn (int $id): Mark => new Mark($kind, $id, (int)$this->now->goods->productId($id), $sku, $hash);

        return array_map($mark, $this->holders[$sku]);
    }

    private function named(int $id): string
    {
        $element = $this->now->goods->elements[$id] ?? null;

        return $element === null ? "#$id" : "#$id " . mb_substr($element->name, 0, 80);
    }

    private function warn(string $code, string $subject, string $detail): void
    {
        $this->warnings["$code $subject"] = new Fault([], $code, $subject === '' ? $detail : "$subject: $detail");
    }

    private function result(): Plan
    {
        $claims = [];
        foreach ($this->events as $event) {
            foreach ($event->marks as $mark) {
                if ($mark->kind !== Kind::Order && !isset($this->told[$mark->entityId][$mark->sku])) {
                    $claim = new SentRow($mark->entityId, $mark->productId, $mark->sku);
                    $claims["{$mark->entityId} {$mark->sku}"] = $claim;
                }
            }
        }
        $events = $this->events;
        usort($events, static fn (Outgoing $one, Outgoing $other): int => $one->rank() <=> $other->rank());

        return new Plan($events, $this->faults, array_values($this->warnings), array_values($claims), $this->releases);
    }
}
