<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway\Exception;

use Aligate\Aliexpress\Gateway\MappingFault;
use Aligate\Aliexpress\Gateway\RejectedEvent;

/** Repeating the request cannot help: somebody has to change the events or the settings. */
final class Unrecoverable extends GatewayException
{
    /**
     * @param list<RejectedEvent> $rejected why each event was refused, where the gateway names them
     * @param list<MappingFault> $faults why a mapping was refused
     */
    public function __construct(
        string $message,
        string $problemCode,
        int $status = 0,
        public readonly array $rejected = [],
        public readonly array $faults = [],
        ?\Throwable $previous = null,
    ) {
        parent::__construct($message, $problemCode, $status, $previous);
    }
}
