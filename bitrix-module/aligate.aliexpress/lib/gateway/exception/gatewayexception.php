<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway\Exception;

/** The events were not delivered, or it is not known that they were. */
abstract class GatewayException extends \RuntimeException
{
    /**
     * @param string $message for the log; holds no secret
     * @param string $problemCode the gateway's stable code, or ours where it gave none
     * @param int $status of the HTTP answer; 0 where there was none
     */
    public function __construct(
        string $message,
        public readonly string $problemCode,
        public readonly int $status,
        ?\Throwable $previous = null,
    ) {
        parent::__construct($message, 0, $previous);
    }
}
