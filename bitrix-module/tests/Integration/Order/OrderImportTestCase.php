<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Order;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Inbound\Answer;
use Aligate\Aliexpress\Inbound\Endpoint;
use Aligate\Aliexpress\Signing\Signature;
use Aligate\Aliexpress\Tests\FakeKernel\Shop;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;
use Bitrix\Main\Application;
use Bitrix\Sale\Order;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';

/** A shop that gets orders of AliExpress through its endpoint. */
abstract class OrderImportTestCase extends InstalledModuleTestCase
{
    protected const ID = '8123456789012345';

    protected Shop $shop;
    protected Connection $connection;
    protected int $shirt;
    protected int $cap;

    protected function setUp(): void
    {
        parent::setUp();
        $this->shop = new Shop();
        $this->shirt = $this->shop->product('Shirt', 5, 100, [], ['ARTNUMBER' => 'SHIRT']);
        $this->cap = $this->shop->product('Cap', 1, 50, [], ['ARTNUMBER' => 'CAP']);
        $this->connection = $this->settings([]);
        $this->forgetChanges();
        $this->nextHit();
    }

    /** @param array<string, mixed> $orders */
    protected function settings(array $orders): Connection
    {
        return $this->connect([
            'id' => 1,
            'iblock_ids' => [$this->shop->products],
            'sku_source' => 'property',
            'sku_property' => 'ARTNUMBER',
            'orders' => $orders,
        ]);
    }

    /** @param array<string, mixed> $more */
    protected static function order(array $more = []): array
    {
        return $more + [
            'aliexpress_order_id' => self::ID,
            'status' => 'WAIT_SELLER_SEND_GOODS',
            'hold' => null,
            'paid' => true,
            'created_at' => '2026-11-23T09:00:00Z',
            'ship_before' => '2026-11-26T09:00:00Z',
            'currency' => 'RUB',
            'total' => '250.00',
            'comment' => 'Leave at the door',
            'buyer' => ['name' => 'Anna P.', 'phone' => '+7 900 000-00-00', 'country' => 'RU', 'region' => 'Moscow', 'city' => 'Moscow',
                'address' => 'Tverskaya 1', 'zip' => '125009'],
            'lines' => [self::line('1', 'SHIRT', 2, '100.00')],
        ];
    }

    /** @return array<string, mixed> */
    protected static function line(string $id, string $sku, int $quantity, string $price, bool $isCancelled = false): array
    {
        return ['line_id' => $id, 'sku' => $sku, 'product_id' => '1005', 'name' => "Name of $sku", 'quantity' => $quantity,
            'price' => $price, 'cancelled' => $isCancelled];
    }

    /** @param array<string, mixed> $data */
    protected function post(array $data, int $version, string $type = 'order.changed'): Answer
    {
        $body = json_encode(['type' => $type, 'version' => $version, 'data' => $data], JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
        $id = hash('sha256', $body);
        $now = time();
        $signature = (new Signature([self::SECRET]))->sign($id, $now, $body);
        $headers = ['id' => $id, 'timestamp' => (string)$now, 'signature' => $signature];

        return $this->service('endpoint', Endpoint::class)->take($this->connection, $headers, $body);
    }

    /** @param array<string, mixed> $data */
    protected function taken(array $data, int $version): int
    {
        $answer = $this->post($data, $version);
        self::assertSame(200, $answer->status, json_encode($answer->body, JSON_THROW_ON_ERROR));
        $this->nextHit();

        return (int)$answer->body['order_id'];
    }

    protected function load(int $orderId): Order
    {
        \Bitrix\Main\Loader::includeModule('sale');
        $order = Order::load($orderId);
        self::assertInstanceOf(Order::class, $order);

        return $order;
    }

    /** @return list<string> codes of the log's lines */
    protected function logged(): array
    {
        $codes = [];
        $rows = Application::getConnection()->query('SELECT CODE FROM b_aligate_aliexpress_log ORDER BY ID');
        while ($row = $rows->fetch()) {
            $codes[] = (string)$row['CODE'];
        }

        return $codes;
    }

    protected function orders(): int
    {
        return (int)Application::getConnection()->queryScalar('SELECT COUNT(*) FROM b_sale_order');
    }
}
