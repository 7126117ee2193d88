<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Sending;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Gateway\GatewayClient;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Sending\DrainReport;
use Aligate\Aliexpress\Sending\Senders;
use Aligate\Aliexpress\Tests\FakeKernel\KernelTestCase;
use Aligate\Aliexpress\Tests\Fixtures\FakeGateway;
use Aligate\Aliexpress\Tests\Fixtures\ShopRows;
use Bitrix\Main\Application;
use Bitrix\Main\Loader;

require_once dirname(__DIR__, 2) . '/kernel/bootstrap.php';
require_once dirname(__DIR__, 2) . '/Fixtures/ShopRows.php';
require_once dirname(__DIR__, 2) . '/Fixtures/FakeGateway.php';

/** A shop by SQL, the module's tables, and a gateway in memory. What the shop's own code would touch is marked by the test. */
abstract class SendingTestCase extends KernelTestCase
{
    protected ShopRows $shop;
    protected FakeGateway $gateway;

    protected function setUp(): void
    {
        parent::setUp();
        foreach (['iblock', 'catalog', 'currency', 'sale'] as $module) {
            Loader::includeModule($module);
        }
        $this->createTables();
        $this->shop = new ShopRows($this->isSeparate());
        $this->gateway = new FakeGateway();
    }

    protected function isSeparate(): bool
    {
        return false;
    }

    /** @param array<string, mixed> $settings as `Connection::toArray` names them */
    protected function connection(array $settings = []): Connection
    {
        return Connection::fromArray($settings + [
            'id' => 1,
            'name' => 'main',
            'gateway_url' => 'http://127.0.0.1:9',
            'shop_id' => 'main',
            'secrets' => ['whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE='],
            'iblock_ids' => [ShopRows::PRODUCTS],
        ]);
    }

    protected function senders(): Senders
    {
        return new Senders(Application::getConnection(), new ModuleOptions());
    }

    /** @param list<int> $ids */
    protected function touch(Kind $kind, array $ids, bool $isForced = false): void
    {
        $this->senders()->outbox->append(1, $kind, $ids, Cause::Edit, $isForced);
    }

    protected function drain(?Connection $connection = null, ?GatewayClient $client = null, float $seconds = 30.0): DrainReport
    {
        $connection ??= $this->connection();

        return $this->senders()->drainWith($connection, $client ?? $this->gateway, microtime(true) + $seconds);
    }

    /** @return list<string> `S 17 W` and, where it is parked, its code */
    protected function rows(string $state = ''): array
    {
        $where = $state === '' ? '' : " WHERE STATE = '$state'";
        $rows = Application::getConnection()->query(
            "SELECT KIND, ENTITY_ID, STATE, FAULT_CODE FROM b_aligate_aliexpress_outbox$where ORDER BY ID"
        );
        $found = [];
        while ($row = $rows->fetch()) {
            $found[] = trim(implode(' ', $row));
        }

        return $found;
    }

    private function createTables(): void
    {
        $sql = (string)file_get_contents(dirname(__DIR__, 3) . '/aligate.aliexpress/install/db/mysql/install.sql');
        foreach (array_filter(array_map('trim', explode(';', $sql))) as $statement) {
            Application::getConnection()->queryExecute($statement);
        }
    }
}
