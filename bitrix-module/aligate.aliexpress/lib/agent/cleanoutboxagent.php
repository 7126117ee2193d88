<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Agent;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\ModuleOptions;
use Bitrix\Main\DI\ServiceLocator;

/** Deletes what nobody needs again: acknowledged rows, old lines of the log, SKUs that were given up. */
final class CleanOutboxAgent
{
    private const SECS_MAX = 10;
    private const ROWS_OF_A_CALL = 10000;

    public static function run(): string
    {
        Work::guarded('agent_clean_failed', static function (): void {
            $options = new ModuleOptions();
            $senders = ServiceLocator::getInstance()->get('aligate.aliexpress.senders');
            $ids = array_map(static fn (Connection $one): int => $one->id, $options->connections());
            $end = microtime(true) + self::SECS_MAX;
            do {
                $pruned = $senders->outbox->prune($ids);
            } while ($pruned >= self::ROWS_OF_A_CALL && microtime(true) < $end);
            $senders->journal->prune($options->logDays());
            $senders->sent->prune($ids);
        });

        return '\\' . self::class . '::run();';
    }
}
