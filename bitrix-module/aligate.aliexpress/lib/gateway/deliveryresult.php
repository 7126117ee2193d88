<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

/** What became of a request's events. */
final class DeliveryResult
{
    /**
     * @param int $enqueued events whose key waits now
     * @param int $coalesced events that replaced a state that waited
     * @param int $unchanged events that equal what AliExpress has
     * @param int $parked events that wait for something outside
     * @param bool $duplicate this body was taken before; the counts are 0
     * @param string $store the generation of the store: another one means that it was emptied or failed over
     * @param list<StaleEvent> $stale
     * @param list<RejectedEvent> $rejected
     */
    public function __construct(
        public readonly int $enqueued,
        public readonly int $coalesced,
        public readonly int $unchanged,
        public readonly int $parked,
        public readonly bool $duplicate,
        public readonly string $store,
        public readonly array $stale,
        public readonly array $rejected,
    ) {
    }
}
