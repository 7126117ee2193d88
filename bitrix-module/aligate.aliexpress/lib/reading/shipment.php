<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** A parcel that has a tracking number. */
final class Shipment
{
    /** @param array<int, float> $pieces product or offer => how many of it */
    public function __construct(
        public readonly int $id,
        public readonly string $trackingNumber,
        public readonly int $deliveryId,
        public readonly string $deliveryCode,
        public readonly array $pieces,
    ) {
    }
}
