<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** What a product event says of an offer beside its SKU, stock and price. */
final class Offer
{
    /**
     * @param int $id of the offer; of the product where it has none
     * @param list<PropertyValue> $properties
     * @param list<string> $images
     */
    public function __construct(
        public readonly int $id,
        public readonly string $barcode,
        public readonly array $properties,
        public readonly array $images,
    ) {
    }
}
