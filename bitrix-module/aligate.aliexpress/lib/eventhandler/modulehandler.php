<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

use Aligate\Aliexpress\ModuleOptions;
use Bitrix\Main\DI\ServiceLocator;

/** What happens to the module itself. */
final class ModuleHandler
{
    /** The Marketplace has copied a new version of it: tables, events and agents follow. */
    public static function onModuleUpdate(mixed $modules = null): void
    {
        Catching::run(static function () use ($modules): void {
            $ids = array_map(static fn (mixed $id): string => is_scalar($id) ? (string)$id : '', (array)$modules);
            if (in_array(ModuleOptions::MODULE_ID, $ids, true) || array_key_exists(ModuleOptions::MODULE_ID, $ids)) {
                ServiceLocator::getInstance()->get('aligate.aliexpress.upgrade')->run();
            }
        });
    }

    /** Connections were saved: other infoblocks have other classes and directories to listen to. */
    public static function onSetConnections(mixed $event = null): void
    {
        Catching::run(static function (): void {
            ServiceLocator::getInstance()->get('aligate.aliexpress.subscriptions')->sync();
        });
    }
}
