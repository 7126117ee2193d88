<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

/** An event that is not newer than what the gateway holds. */
final class StaleEvent
{
    /**
     * @param int $index its place in the request, from 0
     * @param int $version the version held; a newer one must be above it
     */
    public function __construct(public readonly int $index, public readonly int $version)
    {
    }
}
