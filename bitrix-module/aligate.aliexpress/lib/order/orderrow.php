<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

/** What the order table holds of an order of AliExpress. */
final class OrderRow
{
    /**
     * @param int $orderId of the shop; 0: none yet
     * @param string $answer the JSON that the gateway got for that version; '': none
     */
    public function __construct(
        public readonly int $orderId,
        public readonly int $version,
        public readonly string $digest,
        public readonly string $answer,
        public readonly Done $done,
    ) {
    }
}
