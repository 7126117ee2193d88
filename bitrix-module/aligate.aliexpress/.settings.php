<?php

// Read by the kernel when the module is included: controllers by their names in URLs, services by their codes. A service is
// made at the first `get` of a hit, so an idle module costs a shop nothing.

use Aligate\Aliexpress\EventHandler\Audience;
use Aligate\Aliexpress\EventHandler\Catching;
use Aligate\Aliexpress\EventHandler\FailureLog;
use Aligate\Aliexpress\EventHandler\Hit;
use Aligate\Aliexpress\EventHandler\OrderMarks;
use Aligate\Aliexpress\EventHandler\RowMemory;
use Aligate\Aliexpress\EventHandler\Script;
use Aligate\Aliexpress\Export\Exporter;
use Aligate\Aliexpress\Export\ProductList;
use Aligate\Aliexpress\Gateway\Gateways;
use Aligate\Aliexpress\Inbound\Endpoint;
use Aligate\Aliexpress\Inbound\GatewayNotices;
use Aligate\Aliexpress\Installation\AdminFiles;
use Aligate\Aliexpress\Installation\Agents;
use Aligate\Aliexpress\Installation\DynamicSubscriptions;
use Aligate\Aliexpress\Installation\Schema;
use Aligate\Aliexpress\Installation\Subscriptions;
use Aligate\Aliexpress\Installation\Upgrade;
use Aligate\Aliexpress\Log\Journal;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Notice\AdminNotices;
use Aligate\Aliexpress\Notice\Watch;
use Aligate\Aliexpress\Order\GoodsWriter;
use Aligate\Aliexpress\Order\ImportedOrders;
use Aligate\Aliexpress\Order\OfferFinder;
use Aligate\Aliexpress\Order\OrderImporter;
use Aligate\Aliexpress\Order\SaleOrders;
use Aligate\Aliexpress\Order\StateWriter;
use Aligate\Aliexpress\Outbox\Deadlock;
use Aligate\Aliexpress\Outbox\ExchangeGate;
use Aligate\Aliexpress\Outbox\IblockFamily;
use Aligate\Aliexpress\Outbox\Importing;
use Aligate\Aliexpress\Outbox\OutboxRepository;
use Aligate\Aliexpress\Outbox\StateRepository;
use Aligate\Aliexpress\Outbox\Touches;
use Aligate\Aliexpress\Page\ProductTab;
use Aligate\Aliexpress\Sending\AfterHit;
use Aligate\Aliexpress\Sending\Senders;
use Aligate\Aliexpress\Sending\StateRequest;
use Bitrix\Main\Application;
use Bitrix\Main\DI\ServiceLocator;
use Bitrix\Main\EventManager;
use Bitrix\Main\ModuleManager;

$service = static fn (string $name): object => ServiceLocator::getInstance()->get("aligate.aliexpress.$name");
$endedTransaction = static fn (\Throwable $error): bool
    => Deadlock::endedTransaction($error, Application::getConnection());

return [
    'controllers' => [
        'value' => [
            'defaultNamespace' => '\\Aligate\\Aliexpress\\Controller',
            'restIntegration' => ['enabled' => false],
        ],
        'readonly' => true,
    ],
    'services' => [
        'value' => [
            'aligate.aliexpress.options' => [
                'constructor' => static fn () => new ModuleOptions(),
            ],
            'aligate.aliexpress.states' => [
                'constructor' => static fn () => new StateRepository(Application::getConnection()),
            ],
            'aligate.aliexpress.outbox' => [
                'constructor' => static fn () => new OutboxRepository(Application::getConnection()),
            ],
            'aligate.aliexpress.journal' => [
                'constructor' => static fn () => new Journal(Application::getConnection()),
            ],
            'aligate.aliexpress.importing' => [
                'constructor' => static fn () => new Importing(),
            ],
            'aligate.aliexpress.failures' => [
                'constructor' => static fn () => new FailureLog(
                    $service('journal'),
                    static fn (\Throwable $error) => Application::getInstance()->getExceptionHandler()->writeToLog($error),
                ),
            ],
            'aligate.aliexpress.touches' => [
                'constructor' => static fn () => new Touches(
                    $service('outbox'),
                    static fn (): array => array_map(
                        static fn ($connection): int => $connection->id,
                        $service('options')->activeConnections(),
                    ),
                    $endedTransaction,
                    $service('failures')->write(...),
                    register_shutdown_function(...),
                    static function () use ($service): void {
                        // What is remembered is written before it is sent: the sender's job has a lower priority.
                        Application::getInstance()->addBackgroundJob(static fn () => $service('touches')->flush());
                        AfterHit::schedule(static fn (): Senders => $service('senders'));
                    },
                    static fn (): int => intdiv(hrtime(true), 1000000000),
                ),
            ],
            'aligate.aliexpress.audience' => [
                'constructor' => static fn () => new Audience(
                    $service('options'),
                    new IblockFamily(Application::getConnection()),
                ),
            ],
            'aligate.aliexpress.hit' => [
                'constructor' => static fn () => new Hit(
                    new RowMemory(Application::getConnection(), static fn (): bool => $service('audience')->ofGoods() !== []),
                    $service('touches'),
                    $service('audience'),
                    new OrderMarks(Application::getConnection()),
                    $service('importing'),
                    $service('outbox'),
                    new ExchangeGate($service('states')),
                    Script::isExchange($_SERVER, $_GET),
                ),
            ],
            'aligate.aliexpress.catching' => [
                'constructor' => static fn () => new Catching(
                    $service('hit'),
                    $endedTransaction,
                    $service('failures')->write(...),
                ),
            ],
            'aligate.aliexpress.subscriptions' => [
                'constructor' => static fn () => new DynamicSubscriptions(
                    Application::getConnection(),
                    EventManager::getInstance(),
                    $service('options'),
                ),
            ],
            'aligate.aliexpress.upgrade' => [
                'constructor' => static fn () => new Upgrade(
                    Application::getConnection(),
                    $service('options'),
                    new Schema(Application::getConnection(), __DIR__ . '/install/db/mysql'),
                    new Subscriptions(EventManager::getInstance(), Application::getConnection()),
                    new Agents(),
                    new AdminFiles(__DIR__, Application::getDocumentRoot()),
                    (string)ModuleManager::getVersion(ModuleOptions::MODULE_ID),
                ),
            ],
            'aligate.aliexpress.endpoint' => [
                'constructor' => static fn () => new Endpoint(
                    new OrderImporter(
                        new ImportedOrders(Application::getConnection()),
                        new SaleOrders(new GoodsWriter(), new StateWriter()),
                        new OfferFinder($service('sent')),
                        $service('importing'),
                        $service('journal'),
                    ),
                    new StateRequest($service('outbox'), $service('sent'), $service('exporter')),
                    new GatewayNotices($service('journal')),
                    time(...),
                ),
            ],
            // Handlers, which run in every hit of a shop, take the plain repositories above and never load this.
            'aligate.aliexpress.senders' => [
                'constructor' => static fn () => new Senders(Application::getConnection(), $service('options')),
            ],
            'aligate.aliexpress.sent' => [
                'constructor' => static fn () => $service('senders')->sent,
            ],
            'aligate.aliexpress.product_tab' => [
                'constructor' => static fn () => new ProductTab($service('sent'), $service('options')),
            ],
            'aligate.aliexpress.watch' => [
                'constructor' => static fn () => new Watch(
                    $service('options'),
                    $service('outbox'),
                    new Gateways($service('options')),
                    new AdminNotices($service('states')),
                    $service('restoration'),
                ),
            ],
            'aligate.aliexpress.restoration' => [
                'constructor' => static fn () => $service('senders')->restoration,
            ],
            'aligate.aliexpress.exporter' => [
                'constructor' => static fn () => new Exporter(
                    $service('states'),
                    $service('outbox'),
                    new ProductList(Application::getConnection()),
                    time(...),
                ),
            ],
        ],
        'readonly' => true,
    ],
];
