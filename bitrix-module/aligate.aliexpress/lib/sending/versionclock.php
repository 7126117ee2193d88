<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Outbox\StateRepository;
use Bitrix\Main\DB\Connection as Database;

/**
 * Versions of states: the database's clock in microseconds, and always above the greatest that was issued.
 *
 * The floor is durable before a version is used, so a clock that steps back, or PHP that dies, issues none twice.
 * Called under
 * the lock of the connection's drain, before the states are read.
 */
final class VersionClock
{
    public const FLOOR = 'version_floor';

    public function __construct(private readonly Database $database, private readonly StateRepository $states)
    {
    }

    public function next(int $connectionId): int
    {
        $now = (int)$this->database->queryScalar("SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))");

        return $this->raise($connectionId, max($now, $this->floor($connectionId) + 1));
    }

    /** The greatest version that was issued or seen; 0: none. */
    public function floor(int $connectionId): int
    {
        return (int)$this->states->get($connectionId, self::FLOOR);
    }

    /** Versions from now on are above this one. */
    public function raise(int $connectionId, int $version): int
    {
        return $this->states->raise($connectionId, self::FLOOR, $version);
    }
}
