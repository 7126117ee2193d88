<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Inbound;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Log\Journal;
use Aligate\Aliexpress\Log\Level;

/** What the gateway tells people: verdicts of the moderation and notices. They become lines of the log. */
final class GatewayNotices
{
    public function __construct(private readonly Journal $journal)
    {
    }

    /**
     * `listing.state_changed`: how a product stands on AliExpress.
     *
     * @param array<mixed> $data
     */
    public function listing(Connection $connection, array $data): bool
    {
        $product = self::text($data, 'product_id');
        $state = self::text($data, 'state');
        if ($product === '' || $state === '') {
            return false;
        }
        $reasons = is_array($data['reasons'] ?? null) ? array_filter(array_map(self::reason(...), $data['reasons'])) : [];
        $market = self::text($data, 'market');
        $detail = "product $product (" . self::text($data, 'aliexpress_product_id') . ')' . ($market === '' ? '' : ", market $market")
            . ": $state" . ($reasons === [] ? '' : ': ' . implode('; ', $reasons));
        $this->journal->write($connection->id, $reasons === [] ? Level::Info : Level::Error, 'listing_state', $detail);

        return true;
    }

    /**
     * `notice`: dead letters by cause, the token's life, what the guard holds.
     *
     * @param array<mixed> $data
     */
    public function notice(Connection $connection, array $data): bool
    {
        $code = self::text($data, 'code');
        if ($code === '') {
            return false;
        }
        $level = match (self::text($data, 'severity')) {
            'info' => Level::Info,
            'warning', 'warn' => Level::Warning,
            default => Level::Error,
        };
        $count = is_int($data['count'] ?? null) && $data['count'] > 1 ? " ({$data['count']})" : '';
        $this->journal->write($connection->id, $level, $code, self::text($data, 'detail') . $count);

        return true;
    }

    /** A reason in words: as they are, or in the site's language. */
    private static function reason(mixed $reason): string
    {
        if (!is_array($reason)) {
            return self::text(['reason' => $reason], 'reason');
        }
        $words = self::text($reason, LANGUAGE_ID === 'ru' ? 'ru' : 'en');

        return $words === '' ? self::text($reason, 'code') : $words;
    }

    /** @param array<mixed> $data */
    private static function text(array $data, string $name): string
    {
        $value = $data[$name] ?? '';

        return is_scalar($value) ? mb_substr(trim(mb_scrub((string)$value, 'UTF-8')), 0, 500, 'UTF-8') : '';
    }
}
