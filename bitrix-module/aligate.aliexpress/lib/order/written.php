<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

/** What became of an order in the shop. */
final class Written
{
    /** @param array<string, string> $notes code => what a manager should know of it; no buyer's data */
    public function __construct(
        public readonly int $orderId,
        public readonly Done $done,
        public readonly array $notes,
    ) {
    }
}
