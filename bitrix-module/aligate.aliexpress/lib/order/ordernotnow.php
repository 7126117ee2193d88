<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

/** The order cannot be taken now, for a reason that passes or that a person mends: the gateway comes again. */
final class OrderNotNow extends \RuntimeException
{
    public function __construct(public readonly string $problemCode, string $message, public readonly int $retryAfterSeconds = 60)
    {
        parent::__construct($message);
    }
}
