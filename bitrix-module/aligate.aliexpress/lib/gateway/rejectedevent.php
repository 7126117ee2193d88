<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

/** An event that never becomes acceptable by repeating it. */
final class RejectedEvent
{
    /**
     * @param int $index its place in the request, from 0
     * @param string $code stable
     * @param string $detail for people
     */
    public function __construct(
        public readonly int $index,
        public readonly string $code,
        public readonly string $detail,
    ) {
    }
}
