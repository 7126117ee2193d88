<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

/**
 * Whether the products of a 1C exchange may go: they wait until its files are through, since a half-imported product
 * has no price yet, and never longer than `WAIT_SECS`.
 *
 * Rows stay as they were written (each names its own deadline in `NOT_BEFORE`); the gate says up to which moment of
 * writing they are free before that. So the end of an exchange is one small write, however many rows wait.
 */
final class ExchangeGate
{
    /** No product waits longer than this for the end of an exchange. */
    public const WAIT_SECS = 900;

    /** A file whose prices come in another one is followed by that within this time, or not at all. */
    public const NEXT_FILE_SECS = 60;

    /** An exchange with a file of prices of its own says how the shop's 1C exchanges, for this long. */
    private const REMEMBER_SECS = 691200;

    private const NAME = 'exchange_gate';

    public function __construct(private readonly StateRepository $states)
    {
    }

    /** A file begins: what an earlier file would let go shortly waits on, for the exchange goes on. */
    public function fileBegan(string $fileName, string $now): void
    {
        $this->states->delete(0, self::NAME . '_soon');
        if (self::is($fileName, 'prices')) {
            $this->states->set(0, self::NAME . '_prices', $now);
        }
    }

    /**
     * A file is through: products may go, or, where the prices come in another file, as soon as no other file follows.
     */
    public function fileEnded(string $fileName, string $now): void
    {
        $separate = $this->states->get(0, self::NAME . '_prices');
        $hasPricesFile = $separate !== null && self::secondsBetween($separate, $now) < self::REMEMBER_SECS;
        if (self::is($fileName, 'import') || ($hasPricesFile && self::is($fileName, 'offers'))) {
            $this->states->set(0, self::NAME . '_soon', $now);
        } else {
            $this->exchangeEnded($now);
        }
    }

    /** The exchange is through: every product written until now may go. */
    public function exchangeEnded(string $now): void
    {
        $this->states->set(0, self::NAME, $now);
        $this->states->delete(0, self::NAME . '_soon');
    }

    /**
     * Products written up to this moment are free (UTC, as `CREATED_AT`); null: none but those whose own wait is over.
     */
    public function openUntil(string $now): ?string
    {
        $values = $this->states->all(0, self::NAME);
        $open = $values[self::NAME] ?? null;
        $soon = $values[self::NAME . '_soon'] ?? null;
        if ($soon !== null && self::secondsBetween($soon, $now) >= self::NEXT_FILE_SECS) {
            $open = max($open ?? '', $soon);
        }

        return $open;
    }

    private static function is(string $fileName, string $part): bool
    {
        return str_starts_with(strtolower(basename(str_replace('\\', '/', $fileName))), $part);
    }

    private static function secondsBetween(string $from, string $to): int
    {
        return (int)strtotime("$to UTC") - (int)strtotime("$from UTC");
    }
}
