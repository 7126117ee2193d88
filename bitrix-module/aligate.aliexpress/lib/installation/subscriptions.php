<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Installation;

use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Subscription;
use Bitrix\Main\DB\Connection as Database;
use Bitrix\Main\EventManager;

/** The module's rows in `b_module_to_module`. */
final class Subscriptions
{
    public function __construct(private readonly EventManager $events, private readonly Database $database)
    {
    }

    public function register(): void
    {
        foreach (Subscription::all() as $subscription) {
            $subscription->register($this->events);
        }
    }

    /** Takes off every subscription of the module, those of older versions and of the settings included. */
    public function unregister(): void
    {
        foreach (Subscription::all() as $subscription) {
            $subscription->unregister($this->events);
        }
        $rows = $this->database->query(
            'SELECT FROM_MODULE_ID, MESSAGE_ID, TO_CLASS, TO_METHOD, VERSION FROM b_module_to_module'
            . " WHERE TO_MODULE_ID = '" . ModuleOptions::MODULE_ID . "'"
        );
        $others = [];
        while ($row = $rows->fetch()) {
            $others[] = new Subscription(
                (string)$row['FROM_MODULE_ID'],
                (string)$row['MESSAGE_ID'],
                (string)$row['TO_CLASS'],
                (string)$row['TO_METHOD'],
                (int)$row['VERSION'] === 1,
            );
        }
        foreach ($others as $subscription) {
            $subscription->unregister($this->events);
        }
    }
}
