<?php

declare(strict_types=1);

// How long the mapping page's looks take in a shop of the greatest size: 3 000 sections, 500 properties, 50 000 values, 50 000
// products, a mapping with 25 000 pairs, an attribute with 10 000 values. `php benches/mapping.php` prints milliseconds, the size of
// the answer and the peak of memory of each call, in a process of its own and with what the page's opening left in the cache.

use Aligate\Aliexpress\Controller\Mapping;
use Aligate\Aliexpress\Tests\FakeKernel\Ajax;
use Aligate\Aliexpress\Tests\FakeKernel\Child;
use Aligate\Aliexpress\Tests\FakeKernel\Site;
use Aligate\Aliexpress\Tests\Fixtures\GatewayServer;
use Aligate\Aliexpress\Tests\Integration\Mapping\BigShop;
use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\ModuleOptions;

require dirname(__DIR__) . '/tests/bootstrap.php';
require dirname(__DIR__) . '/tests/kernel/bootstrap.php';
require dirname(__DIR__) . '/tests/Fixtures/GatewayServer.php';
require dirname(__DIR__) . '/tests/Integration/Mapping/BigShop.php';

$site = Site::boot();
$site->fresh();
$_REQUEST['step'] = '2';
CModule::CreateModuleObject(Site::MODULE_ID)->DoInstall();
\Bitrix\Main\Loader::includeModule(Site::MODULE_ID);
$gateway = new GatewayServer();
register_shutdown_function($gateway->stop(...));
$gateway->answersWith(404, '{"code":"not_found","detail":"no such route"}');
$gateway->answersPath('/mapping', 200, json_encode(BigShop::mapping(), JSON_THROW_ON_ERROR));
$gateway->answersPath('/schema', 200, json_encode(BigShop::schema(), JSON_THROW_ON_ERROR));
$shop = new BigShop();
(new ModuleOptions())->saveConnections([Connection::fromArray(['id' => 1, 'name' => 'main', 'gateway_url' => $gateway->url, 'shop_id' => 'main',
    'secrets' => ['whsec_' . base64_encode(str_repeat('k', 32))], 'iblock_ids' => [$shop->products]])]);

$list = ['version' => '7', 'section' => '101', 'attribute' => '10', 'sku' => 'N'];
$texts = ['attribute' => '11'] + $list;
$calls = [
    'page opened' => ['open', []],
    'sections without a category' => ['sections', ['version' => '7', 'filter' => '{"state":"unmapped","withProducts":true}']],
    'sections, first page of all' => ['sections', ['version' => '7', 'filter' => '{"state":"all"}']],
    'sections by name' => ['sections', ['version' => '7', 'filter' => '{"search":"section 299","state":"all"}']],
    'a section\'s attributes' => ['section', ['version' => '7', 'section' => '101']],
    'properties by name' => ['properties', ['search' => 'property 4']],
    'values of aliexpress by name' => ['attributeValues', ['category' => '348', 'attribute' => '10', 'search' => 'value 999']],
    'list values not matched' => ['values', $list + ['state' => 'unmatched']],
    'list values by name' => ['values', $list + ['search' => 'value 4999']],
    'text values not matched' => ['values', $texts + ['state' => 'unmatched']],
    'match all text values' => ['autoMatch', $texts],
    '3 000 sections assigned' => ['assign', ['version' => '7', 'sections' => '[]', 'filter' => '{"state":"all"}', 'category' => '349']],
];
printf("%-32s %8s %10s %8s\n", 'call', 'ms', 'bytes', 'MiB');
foreach ($calls as $title => [$action, $given]) {
    $given += ['connection' => '1', 'language' => 'ru'];
    $code = 'require ' . var_export(dirname(__DIR__) . '/tests/bootstrap.php', true) . ';'
        . '$given = ' . var_export($given, true) . ';$given["sessid"] = bitrix_sessid();$at = hrtime(true);'
        . '$answer = ' . Ajax::class . '::call(' . Mapping::class . "::class, '$action', [], \$given)->getContent();"
        . 'printf("%d %d %d %s", (hrtime(true) - $at) / 1e6, strlen($answer), memory_get_peak_usage() / 1048576, json_decode($answer, true)["status"]);';
    [$said, $complaint] = Child::code($site, $code)->wait();
    sscanf($said, '%d %d %d %s', $ms, $bytes, $memory, $status);
    $status === 'success' || exit("$title: $said $complaint\n");
    printf("%-32s %8d %10d %8d\n", $title, $ms, $bytes, $memory);
}
