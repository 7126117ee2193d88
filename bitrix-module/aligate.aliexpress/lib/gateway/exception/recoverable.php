<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway\Exception;

/** The same events may be delivered later. */
final class Recoverable extends GatewayException
{
    /** @param int|null $retryAfterSeconds how long the gateway asks to wait; null where it does not say */
    public function __construct(
        string $message,
        string $problemCode,
        int $status = 0,
        public readonly ?int $retryAfterSeconds = null,
        ?\Throwable $previous = null,
    ) {
        parent::__construct($message, $problemCode, $status, $previous);
    }
}
