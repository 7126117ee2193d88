<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Fixtures;

use Aligate\Aliexpress\Gateway\DeliveryResult;
use Aligate\Aliexpress\Gateway\GatewayClient;

/** Passes events on to a real gateway, and remembers those that it took. */
final class RecordingGateway implements GatewayClient
{
    /** @var list<array<string, mixed>> */
    private array $taken = [];

    public function __construct(private readonly GatewayClient $gateway)
    {
    }

    public function postEvents(array $events): DeliveryResult
    {
        $result = $this->gateway->postEvents($events);
        $refused = [];
        foreach ([...$result->stale, ...$result->rejected] as $one) {
            $refused[$one->index] = true;
        }
        $events = json_decode(json_encode(array_values($events), JSON_THROW_ON_ERROR), true, 64, JSON_THROW_ON_ERROR);
        array_push($this->taken, ...array_values(array_diff_key($events, $refused)));

        return $result;
    }

    /** @return list<string> what the gateway took, in words and sorted: `stock.changed A 7 edit`; then it is forgotten */
    public function told(): array
    {
        $told = [];
        foreach ($this->taken as $event) {
            $data = $event['data'];
            $told[] = implode(' ', array_filter([
                $event['type'],
                $data['sku'] ?? $data['product_id'] ?? $data['aliexpress_order_id'],
                $data['quantity'] ?? $data['price'] ?? $data['status'] ?? $data['name'] ?? null,
                $event['cause'] ?? null,
            ], static fn (mixed $part): bool => $part !== null));
        }
        $this->taken = [];
        sort($told);

        return $told;
    }
}
