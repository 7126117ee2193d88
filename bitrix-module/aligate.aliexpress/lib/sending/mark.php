<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Outbox\Kind;

/** What is remembered once an event was taken: that this was told of an element, or of an order. */
final class Mark
{
    public function __construct(
        public readonly Kind $kind,
        public readonly int $entityId,
        public readonly int $productId,
        public readonly string $sku,
        public readonly string $hash,
    ) {
    }
}
