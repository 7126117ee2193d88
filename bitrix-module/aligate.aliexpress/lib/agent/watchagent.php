<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Agent;

use Bitrix\Main\DI\ServiceLocator;

/** Tells the shop's people what is stuck, refused or about to end. */
final class WatchAgent
{
    public static function run(): string
    {
        Work::guarded('agent_watch_failed', static function (): void {
            ServiceLocator::getInstance()->get('aligate.aliexpress.watch')->run();
        });

        return '\\' . self::class . '::run();';
    }
}
