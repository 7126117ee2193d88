<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

/** An event that can never be taken, whoever repeats it: the gateway gets 422 and keeps it as a dead letter. */
final class OrderInvalid extends \RuntimeException
{
    public function __construct(public readonly string $problemCode, string $message)
    {
        parent::__construct($message);
    }
}
