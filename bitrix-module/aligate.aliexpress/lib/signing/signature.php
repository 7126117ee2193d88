<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Signing;

/**
 * Standard Webhooks (standardwebhooks.com): `v1,<base64 HMAC-SHA256>` over `id.timestamp.body`.
 *
 * The first secret signs, every one verifies, so that secrets can be rotated. Knows nothing of HTTP; the time is given.
 */
final class Signature
{
    /** The prefix of a secret's text. */
    private const SECRET_PREFIX = 'whsec_';

    /** A secret holds this many bytes. */
    private const SECRET_BYTES_MIN = 24;
    private const SECRET_BYTES_MAX = 64;

    /** How far the sender's clock may be off, in seconds. */
    private const PAST_SECS = 300;
    private const FUTURE_SECS = 60;

    /** The most signatures that a header may carry; more are not looked at. */
    private const SIGNATURES_MAX = 8;

    /** @var non-empty-list<string> */
    private readonly array $keys;

    /**
     * @param list<string> $secrets `whsec_` and base64 of 24 to 64 bytes each
     * @throws \InvalidArgumentException where there is no secret or one is malformed; its text is never repeated
     */
    public function __construct(#[\SensitiveParameter] array $secrets)
    {
        if ($secrets === []) {
            throw new \InvalidArgumentException('no webhook secret is given');
        }
        $keys = [];
        foreach ($secrets as $secret) {
            $keys[] = self::key($secret);
        }
        $this->keys = $keys;
    }

    /** The header `webhook-signature` for a message, by the first secret. `timestamp` is in unix seconds. */
    public function sign(string $id, int $timestamp, string $body): string
    {
        return self::tag($this->keys[0], $id, (string)$timestamp, $body);
    }

    /** Whether the message is signed by one of the secrets and in time. `now` is in unix seconds. */
    public function verify(string $id, string $timestamp, string $body, string $header, int $now): bool
    {
        return $this->matches($id, $timestamp, $body, $header) && self::isInTime($timestamp, $now);
    }

    /**
     * Whether any signature in the header is that of the message under any of the secrets, whenever it was made.
     *
     * `timestamp` is the header's own text, since that is what was signed. The work is the same
     * whichever secret matches.
     */
    public function matches(string $id, string $timestamp, string $body, string $header): bool
    {
        $given = array_filter(explode(' ', $header), static fn (string $one): bool => str_starts_with($one, 'v1,'));
        $given = array_slice($given, 0, self::SIGNATURES_MAX);
        $valid = false;
        foreach ($this->keys as $key) {
            $expected = self::tag($key, $id, $timestamp, $body);
            foreach ($given as $one) {
                $valid = hash_equals($expected, $one) || $valid;
            }
        }

        return $valid;
    }

    /** Whether a timestamp's text lies at most 300 s before and 60 s after `now`. */
    public static function isInTime(string $timestamp, int $now): bool
    {
        if (preg_match('/\A[0-9]{1,18}\z/', $timestamp) !== 1) {
            return false;
        }
        $sent = (int)$timestamp;

        return $sent >= $now - self::PAST_SECS && $sent <= $now + self::FUTURE_SECS;
    }

    /** @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['keys' => '***'];
    }

    /** Secrets are not written anywhere by accident. */
    public function __serialize(): never
    {
        throw new \LogicException('a signature holds secrets and is not serialised');
    }

    private static function tag(#[\SensitiveParameter] string $key, string $id, string $timestamp, string $body): string
    {
        return 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    }

    private static function key(#[\SensitiveParameter] string $secret): string
    {
        if (preg_match('~\A' . self::SECRET_PREFIX . '([A-Za-z0-9+/]+)={0,2}\z~', $secret, $parts) !== 1) {
            throw new \InvalidArgumentException('a webhook secret is not `whsec_` and base64');
        }
        $key = base64_decode($parts[1], true);
        if ($key === false || rtrim(base64_encode($key), '=') !== $parts[1]) {
            throw new \InvalidArgumentException('a webhook secret is not `whsec_` and base64');
        }
        if (strlen($key) < self::SECRET_BYTES_MIN || strlen($key) > self::SECRET_BYTES_MAX) {
            throw new \InvalidArgumentException('a webhook secret does not hold 24 to 64 bytes');
        }

        return $key;
    }
}
