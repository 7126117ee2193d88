<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

/** Why the gateway refused a request (RFC 9457). */
final class Problem
{
    /**
     * @param string $code stable
     * @param string $detail for people
     * @param list<RejectedEvent> $rejected events, where nothing of the request could be taken
     * @param list<MappingFault> $faults of a mapping that was refused
     */
    public function __construct(
        public readonly string $code,
        public readonly string $detail,
        public readonly array $rejected,
        public readonly array $faults = [],
    ) {
    }
}
