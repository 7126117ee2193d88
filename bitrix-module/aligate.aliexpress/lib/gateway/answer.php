<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

/** An HTTP answer while it is received: keeps no more of the body than its limit. */
final class Answer
{
    public int $status = 0;
    public string $body = '';

    /** More came than is kept; the transfer was broken off and the body is empty. */
    public bool $isTooLarge = false;

    /** @var array<string, string> by lower-case name */
    private array $headers = [];

    public function __construct(private readonly int $bodyBytesMax)
    {
    }

    /** Takes a header line; a status line starts over, since an interim answer may stand before the real one. */
    public function takeHeader(string $line): int
    {
        if (preg_match('~\AHTTP/[0-9.]+ ([0-9]{3})~', $line, $parts) === 1) {
            $this->status = (int)$parts[1];
            $this->headers = [];
        } elseif (str_contains($line, ':')) {
            [$name, $value] = explode(':', $line, 2);
            $this->headers[strtolower(trim($name))] = trim($value);
        }

        return strlen($line);
    }

    /** Takes a piece of the body; an answer other than the piece's length makes cURL break off. */
    public function takeBody(string $piece): int
    {
        if (strlen($this->body) + strlen($piece) > $this->bodyBytesMax) {
            $this->isTooLarge = true;
            $this->body = '';

            return -1;
        }
        $this->body .= $piece;

        return strlen($piece);
    }

    /**
     * Seconds to wait after `Retry-After`, given as seconds or as an HTTP date; null where there is none to read.
     *
     * A date is compared with the answer's own `Date`, so that a wrong clock of the shop does not matter.
     */
    public function retryAfterSeconds(int $now, int $secondsMax): ?int
    {
        $value = $this->headers['retry-after'] ?? '';
        if (preg_match('/\A[0-9]{1,9}\z/', $value) === 1) {
            return min((int)$value, $secondsMax);
        }
        $until = self::httpDate($value);
        if ($until === null) {
            return null;
        }
        $since = self::httpDate($this->headers['date'] ?? '') ?? $now;

        return max(0, min($until - $since, $secondsMax));
    }

    private static function httpDate(string $text): ?int
    {
        $date = \DateTimeImmutable::createFromFormat('!D, d M Y H:i:s \G\M\T', $text, new \DateTimeZone('UTC'));

        return $date === false ? null : $date->getTimestamp();
    }
}
