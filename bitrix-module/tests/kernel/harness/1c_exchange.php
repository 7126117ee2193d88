<?php

declare(strict_types=1);

// A request of an exchange with 1C in a process of its own, which ends as the kernel's does: with `die`, so that shutdown
// functions run and background jobs do not.
//   php 1c_exchange.php <mode> <file> [<nodes of a step> [<parameters as JSON>]]

use Aligate\Aliexpress\Tests\FakeKernel\ElementProperties;
use Aligate\Aliexpress\Tests\FakeKernel\Exchange;
use Aligate\Aliexpress\Tests\FakeKernel\Hit;
use Aligate\Aliexpress\Tests\FakeKernel\Site;

require dirname(__DIR__) . '/bootstrap.php';

Hit::start(
    ['SCRIPT_NAME' => '/bitrix/admin/1c_exchange.php', 'REQUEST_URI' => '/bitrix/admin/1c_exchange.php'],
    ['type' => 'catalog', 'mode' => $argv[1], 'filename' => $argv[2] ?? ''],
);
ElementProperties::remember();
echo (new Exchange(Site::boot(), json_decode($argv[4] ?? '[]', true), (int)($argv[3] ?? 0)))->answer($argv[1], $argv[2] ?? '');
die();
