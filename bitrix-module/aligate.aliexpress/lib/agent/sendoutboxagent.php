<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Agent;

use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Sending\Senders;
use Bitrix\Main\DI\ServiceLocator;

/** Sends what waits, and goes on with full exports whose tab was closed. */
final class SendOutboxAgent
{
    /** Of one connection's export in one turn. */
    private const EXPORT_SECS_MAX = 3.0;

    public static function run(): string
    {
        // Apart from each other: an export that fails must not keep back what waits.
        Work::guarded('agent_export_failed', static function (): void {
            $exporter = ServiceLocator::getInstance()->get('aligate.aliexpress.exporter');
            foreach (Senders::canRead() ? (new ModuleOptions())->activeConnections() : [] as $connection) {
                $exporter->goOn($connection, microtime(true) + self::EXPORT_SECS_MAX);
            }
        });
        Work::guarded('agent_send_failed', static function (): void {
            if (Senders::canRead()) {
                ServiceLocator::getInstance()->get('aligate.aliexpress.senders')->drainAll((float)(new ModuleOptions())->drainSeconds());
            }
        });

        return '\\' . self::class . '::run();';
    }
}
