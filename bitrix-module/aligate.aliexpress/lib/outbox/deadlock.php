<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

use Bitrix\Main\DB\Connection as Database;
use Bitrix\Main\DB\SqlException;

/**
 * Tells the one failure of a write that the shop's code must hear of: the database rolled its open transaction back.
 */
final class Deadlock
{
    /** Whether this failure is a deadlock and a transaction of the kernel was open. */
    public static function endedTransaction(\Throwable $error, Database $database): bool
    {
        return self::isDeadlock($error) && self::transactionLevel($database) > 0;
    }

    private static function isDeadlock(\Throwable $error): bool
    {
        if (!$error instanceof SqlException) {
            return false;
        }
        $text = "{$error->getCode()} {$error->getDatabaseMessage()} {$error->getMessage()}";

        return preg_match('~\b1213\b|\b40001\b|deadlock found~i', $text) === 1;
    }

    /**
     * The kernel keeps the level in a protected property and tells it nowhere; 0 where a kernel has no such property.
     */
    private static function transactionLevel(Database $database): int
    {
        $read = static fn (Database $from): int => (int)($from->transactionLevel ?? 0);

        return \Closure::bind($read, null, $database::class)($database);
    }
}
