<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Outbox\Kind;

/** That an element was sent under a SKU, and the hashes of what was last told of it. */
final class SentRow
{
    public function __construct(
        public readonly int $elementId,
        public readonly int $productId,
        public readonly string $sku,
        public readonly ?string $stockHash = null,
        public readonly ?string $priceHash = null,
        public readonly ?string $productHash = null,
    ) {
    }

    public function hash(Kind $kind): ?string
    {
        return match ($kind) {
            Kind::Stock => $this->stockHash,
            Kind::Price => $this->priceHash,
            default => $this->productHash,
        };
    }
}
