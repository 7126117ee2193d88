<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Agent;

use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Sending\Senders;
use Aligate\Aliexpress\Sweep\Sweep;
use Bitrix\Main\DI\ServiceLocator;
use Bitrix\Main\Loader;

/** Looks for what changed without an event. */
final class SweepAgent
{
    public static function run(): string
    {
        Work::guarded('agent_sweep_failed', static function (): void {
            if (!Senders::canRead() || !Loader::includeModule('sale')) {
                return;
            }
            $options = new ModuleOptions();
            $sweep = Sweep::of(ServiceLocator::getInstance()->get('aligate.aliexpress.senders'));
            $end = microtime(true) + $options->sweepSeconds();
            $connections = $options->activeConnections();
            foreach ($connections as $at => $connection) {
                $part = max(0.0, $end - microtime(true)) / (count($connections) - $at);
                $sweep->run($connection, microtime(true) + $part);
            }
        });

        return '\\' . self::class . '::run();';
    }
}
