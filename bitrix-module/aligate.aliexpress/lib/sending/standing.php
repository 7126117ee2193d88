<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Saved;

/** How sending to a connection's gateway goes. */
final class Standing
{
    /**
     * @param int $succeededAt unix seconds of the last delivery; 0: none yet
     * @param int $failures in a row
     * @param int $failedAt unix seconds of the last failure; 0: none since the last delivery
     * @param int $restsUntil unix seconds; nothing is tried before
     * @param bool $isRefused somebody has to change a setting
     * @param string $code of the last failure; ''  where the last delivery went well
     * @param string $detail for people, without secrets
     */
    public function __construct(
        public readonly int $succeededAt = 0,
        public readonly int $failures = 0,
        public readonly int $failedAt = 0,
        public readonly int $restsUntil = 0,
        public readonly bool $isRefused = false,
        public readonly string $code = '',
        public readonly string $detail = '',
    ) {
    }

    public static function fromText(string $text): self
    {
        $saved = json_decode($text, true, 4);
        $saved = is_array($saved) ? $saved : [];

        return new self(
            Saved::integer($saved, 'succeeded_at'),
            Saved::integer($saved, 'failures'),
            Saved::integer($saved, 'failed_at'),
            Saved::integer($saved, 'rests_until'),
            Saved::flag($saved, 'is_refused', false),
            Saved::text($saved, 'code', 64),
            Saved::text($saved, 'detail', 500),
        );
    }

    public function toText(): string
    {
        return json_encode([
            'succeeded_at' => $this->succeededAt,
            'failures' => $this->failures,
            'failed_at' => $this->failedAt,
            'rests_until' => $this->restsUntil,
            'is_refused' => $this->isRefused,
            'code' => $this->code,
            'detail' => $this->detail,
        ], JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_UNICODE);
    }
}
