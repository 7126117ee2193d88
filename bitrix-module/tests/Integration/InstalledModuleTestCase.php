<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Outbox\OutboxRepository;
use Aligate\Aliexpress\Outbox\StateRepository;
use Aligate\Aliexpress\Outbox\Touches;
use Aligate\Aliexpress\Tests\FakeKernel\KernelTestCase;
use Bitrix\Main\Application;
use Bitrix\Main\DI\ServiceLocator;

require_once dirname(__DIR__) . '/kernel/bootstrap.php';

/** A shop with the module installed through its own installer, and what tests ask of its outbox. */
abstract class InstalledModuleTestCase extends KernelTestCase
{
    protected const SECRET = 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=';

    protected function setUp(): void
    {
        parent::setUp();
        $this->installModule();
    }

    /** @param array<string, mixed> $settings as `Connection::toArray` names them; an id that exists is replaced */
    protected function connect(array $settings = []): Connection
    {
        $options = new ModuleOptions();
        $connection = Connection::fromArray($settings + [
            'id' => $options->nextConnectionId(),
            'name' => 'main',
            'gateway_url' => 'http://127.0.0.1:9',
            'shop_id' => 'main',
            'secrets' => [self::SECRET],
            'iblock_ids' => [1],
        ]);
        $others = array_filter($options->connections(), static fn (Connection $one): bool => $one->id !== $connection->id);
        $options->saveConnections([...array_values($others), $connection]);

        return $connection;
    }

    /** @return list<string> the waiting rows, oldest first: `1 P 17 edit` is connection, kind, entity, cause */
    protected function waiting(): array
    {
        $rows = Application::getConnection()->query(
            'SELECT CONNECTION_ID, KIND, ENTITY_ID, CAUSE FROM b_aligate_aliexpress_outbox WHERE STATE = \'W\' ORDER BY ID'
        );
        $waiting = [];
        while ($row = $rows->fetch()) {
            $waiting[] = implode(' ', $row);
        }

        return $waiting;
    }

    /** @return list<string> the waiting rows, each once and sorted */
    protected function changes(): array
    {
        $changes = array_values(array_unique($this->waiting()));
        sort($changes);

        return $changes;
    }

    protected function forgetChanges(): void
    {
        Application::getConnection()->queryExecute('DELETE FROM b_aligate_aliexpress_outbox');
    }

    /** What PHP does at the end of a hit, however it ends: the module's shutdown function. */
    protected function endHit(): void
    {
        $this->service('touches', Touches::class)->flush();
        $this->nextHit();
    }

    protected function outbox(): OutboxRepository
    {
        return new OutboxRepository(Application::getConnection());
    }

    protected function states(): StateRepository
    {
        return new StateRepository(Application::getConnection());
    }

    /**
     * @template T of object
     * @param class-string<T> $class
     * @return T
     */
    protected function service(string $name, string $class): object
    {
        \Bitrix\Main\Loader::includeModule('aligate.aliexpress');
        $service = ServiceLocator::getInstance()->get("aligate.aliexpress.$name");
        self::assertInstanceOf($class, $service);

        return $service;
    }
}
