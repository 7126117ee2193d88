<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

use Aligate\Aliexpress\Gateway\Exception\Recoverable;
use Aligate\Aliexpress\Gateway\Exception\Unrecoverable;

/** The gateway as the shop sees it. */
interface GatewayClient
{
    /**
     * Delivers events in one request; when it returns, the gateway holds those that it took durably.
     *
     * @param list<array<string, mixed>|object> $events what becomes `events` in the request's JSON
     * @throws Recoverable where the same events may be delivered later
     * @throws Unrecoverable where repeating the request cannot help
     */
    public function postEvents(array $events): DeliveryResult;
}
