<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Agent;

use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Sending\Senders;

/** Sends what waits. */
final class SendOutboxAgent
{
    public static function run(): string
    {
        Work::guarded('agent_send_failed', static function (): void {
            if (Senders::canRead()) {
                Senders::create()->drainAll((float)(new ModuleOptions())->drainSeconds());
            }
        });

        return '\\' . self::class . '::run();';
    }
}
