<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Agent;

use Bitrix\Main\DI\ServiceLocator;

/** Brings the installation to the version of the files, and listens to the classes that the shop has made since. */
final class UpkeepAgent
{
    public static function run(): string
    {
        Work::guarded('agent_upkeep_failed', static function (): void {
            $services = ServiceLocator::getInstance();
            if ($services->get('aligate.aliexpress.upgrade')->run()) {
                $services->get('aligate.aliexpress.subscriptions')->sync();
            }
        });

        return '\\' . self::class . '::run();';
    }
}
