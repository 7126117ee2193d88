<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Inbound;

/** What the gateway gets: a status and a JSON object. */
final class Answer
{
    /** @param array<string, mixed> $body */
    public function __construct(
        public readonly int $status,
        public readonly array $body,
        public readonly ?int $retryAfterSeconds = null,
    ) {
    }

    /** A problem after RFC 9457. */
    public static function problem(int $status, string $code, string $detail, ?int $retryAfterSeconds = null): self
    {
        $body = ['type' => 'about:blank', 'title' => $code, 'status' => $status, 'detail' => $detail, 'code' => $code];

        return new self($status, $body, $retryAfterSeconds);
    }
}
