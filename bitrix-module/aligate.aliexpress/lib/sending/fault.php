<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

/** Why something cannot be sent. */
final class Fault
{
    /**
     * @param list<int> $rowIds rows of the outbox; none for a warning
     * @param string $code stable
     * @param string $detail for people; names the element
     */
    public function __construct(
        public readonly array $rowIds,
        public readonly string $code,
        public readonly string $detail,
    ) {
    }
}
