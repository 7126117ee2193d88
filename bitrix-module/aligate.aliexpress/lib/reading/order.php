<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** An order of AliExpress as it stands in the shop. */
final class Order
{
    /**
     * @param bool $isGone it was deleted in the shop
     * @param string $statusId of `sale`
     * @param list<Shipment> $shipments
     * @param array<int, float> $ordered product or offer => how many were ordered
     * @param string|null $sentHash of what was last told of it
     */
    public function __construct(
        public readonly int $id,
        public readonly string $aliexpressId,
        public readonly bool $isGone,
        public readonly bool $isCanceled,
        public readonly string $statusId,
        public readonly array $shipments,
        public readonly array $ordered,
        public readonly ?string $sentHash,
    ) {
    }

    /** Whether every piece that was ordered is in a parcel. */
    public function isShippedWhole(): bool
    {
        $left = $this->ordered;
        foreach ($this->shipments as $shipment) {
            foreach ($shipment->pieces as $productId => $pieces) {
                $left[$productId] = ($left[$productId] ?? 0.0) - $pieces;
            }
        }

        $isMissing = static fn (float $pieces): bool => $pieces > 0.0001;

        return $this->shipments !== [] && array_filter($left, $isMissing) === [];
    }
}
