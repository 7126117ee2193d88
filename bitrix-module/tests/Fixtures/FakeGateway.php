<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Fixtures;

use Aligate\Aliexpress\Gateway\DeliveryResult;
use Aligate\Aliexpress\Gateway\Exception\GatewayException;
use Aligate\Aliexpress\Gateway\GatewayClient;
use Aligate\Aliexpress\Gateway\RejectedEvent;
use Aligate\Aliexpress\Gateway\StaleEvent;

/** A gateway in memory that keeps the contract's rules of versions, and what AliExpress would end up with. */
final class FakeGateway implements GatewayClient
{
    public string $generation = 'GEN-1';

    /** @var list<list<array<string, mixed>>> deliveries as they came */
    public array $deliveries = [];

    /** @var array<string, int> key => version held */
    public array $held = [];

    /** @var array<string, mixed> key => data held */
    public array $states = [];

    /** @var list<GatewayException> thrown by the next deliveries, one each */
    public array $failures = [];

    /** @var (\Closure(array<string, mixed>): ?string)|null code of a rejection */
    public ?\Closure $rejects = null;

    /** @var (\Closure(list<array<string, mixed>>): void)|null looked at before a delivery is taken; may throw */
    public ?\Closure $before = null;

    public function postEvents(array $events): DeliveryResult
    {
        $events = json_decode(json_encode($events, JSON_THROW_ON_ERROR), true, 64, JSON_THROW_ON_ERROR);
        if ($this->failures !== []) {
            throw array_shift($this->failures);
        }
        if ($this->before !== null) {
            ($this->before)($events);
        }
        $this->deliveries[] = $events;
        [$stale, $rejected, $enqueued] = [[], [], 0];
        foreach ($events as $index => $event) {
            $code = $this->rejects === null ? null : ($this->rejects)($event);
            $key = self::key($event);
            if ($code !== null) {
                $rejected[] = new RejectedEvent($index, $code, "refused by the test");
            } elseif ($event['version'] <= ($this->held[$key] ?? -1)) {
                $stale[] = new StaleEvent($index, $this->held[$key]);
            } else {
                $this->held[$key] = $event['version'];
                $this->states[$key] = $event['type'] === 'product.deleted' ? 'deleted' : $event['data'];
                foreach ($event['type'] === 'product.deleted' ? $event['data']['skus'] : [] as $sku) {
                    $this->states["stock $sku"] = ['sku' => $sku, 'quantity' => 0];
                    $this->held["stock $sku"] = $event['version'];
                }
                $enqueued++;
            }
        }

        return new DeliveryResult($enqueued, 0, 0, 0, false, $this->generation, $stale, $rejected);
    }

    /** @return list<string> what came, in words: `stock.changed A 7`, with `!` where it was forced; then everything is forgotten */
    public function told(): array
    {
        $told = [];
        foreach (array_merge([], ...$this->deliveries) as $event) {
            $data = $event['data'];
            $told[] = implode(' ', array_filter([
                $event['type'] . (($event['force'] ?? false) ? '!' : ''),
                $data['sku'] ?? $data['product_id'] ?? $data['aliexpress_order_id'],
                $data['quantity'] ?? $data['price'] ?? $data['status'] ?? null,
            ], static fn ($part): bool => $part !== null));
        }
        $this->deliveries = [];
        sort($told);

        return $told;
    }

    public function stock(string $sku): ?int
    {
        return $this->states["stock $sku"]['quantity'] ?? null;
    }

    /** @param array<string, mixed> $event */
    private static function key(array $event): string
    {
        return match ($event['type']) {
            'stock.changed' => 'stock ' . $event['data']['sku'],
            'price.changed' => 'price ' . $event['data']['sku'],
            'order.status_changed' => 'order ' . $event['data']['aliexpress_order_id'],
            default => 'product ' . $event['data']['product_id'],
        };
    }
}
