<?php

declare(strict_types=1);

// A drain in a process of its own, on the site of the test that starts it: ALIGATE_TEST_CONNECTION is the connection's
// settings as JSON. ALIGATE_TEST_DIE_AT=n kills the process right before its n-th statement. It prints how the drain ended.

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Sending\Senders;
use Bitrix\Main\DB\MysqliConnection;
use Bitrix\Main\Diag\SqlTrackerQuery;

require dirname(__DIR__) . '/bootstrap.php';
require dirname(__DIR__) . '/kernel/bootstrap.php';

$settings = require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/.settings.php';
$database = new class ($settings['connections']['value']['default']) extends MysqliConnection {
    public int $left = 0;

    protected function queryInternal($sql, ?array $binds = null, ?SqlTrackerQuery $trackerQuery = null)
    {
        if (--$this->left === 0) {
            posix_kill(getmypid(), SIGKILL);
        }

        return parent::queryInternal($sql, $binds, $trackerQuery);
    }
};
$database->connect();
$database->left = (int)getenv('ALIGATE_TEST_DIE_AT');
$connection = Connection::fromArray(json_decode((string)getenv('ALIGATE_TEST_CONNECTION'), true));
echo (new Senders($database, new ModuleOptions()))->drain($connection, microtime(true) + 30)->value;
