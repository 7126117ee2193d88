<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Flow;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Sending\DrainReport;
use Aligate\Aliexpress\Sending\Senders;
use Aligate\Aliexpress\Tests\FakeKernel\Shop;
use Aligate\Aliexpress\Tests\Fixtures\Market;
use Aligate\Aliexpress\Tests\Fixtures\ShopServer;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;
use Bitrix\Main\Application;
use Bitrix\Main\Loader;
use Bitrix\Sale\Order;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';
require_once dirname(__DIR__, 2) . '/Fixtures/Market.php';
require_once dirname(__DIR__, 2) . '/Fixtures/ShopServer.php';

/**
 * Three hundred orders through their whole life, by a real gateway and the shop over HTTP. At each step the gateway is killed, and
 * PHP where an order is saved, where its stock moves and before it answers; once the shop is down for a while. Each look of the gateway
 * overlaps with those before, so every order comes again and again. In the end: one order each, its status, its stock, one parcel.
 */
final class OrdersTest extends InstalledModuleTestCase
{
    private const ORDERS = 300;
    private const SKUS = 30;
    private const STOCK = 500;

    /** Where PHP dies in an order's save; `~` stands for a backslash. */
    private const NEW_ORDER = ['OnSaleOrderBeforeSaved', '~Bitrix~Catalog~Product::OnAfterUpdate', 'OnSaleOrderSaved', 'answer'];
    private const KNOWN_ORDER = ['OnSaleOrderBeforeSaved', 'OnSaleOrderSaved', 'answer'];
    /** Statements of a drain before which PHP dies. */
    private const DRAIN_DEATHS = [3, 9, 14, 20, 28, 40];

    private Market $market;
    private ShopServer $server;
    private Shop $shop;

    /** @var array<int, array{sku: string, quantity: int}> what was bought, by AliExpress's id */
    private array $bought = [];

    protected function setUp(): void
    {
        parent::setUp();
        $this->server = new ShopServer($this->site);
        $this->market = Market::withOrders($this->server->url);
        $this->shop = new Shop();
        $products = [];
        for ($at = 0; $at < self::SKUS; $at++) {
            $products[] = $this->shop->product("Item$at", self::STOCK, 100, [], ['ARTNUMBER' => "SKU-$at"]);
        }
        $this->connect([
            'id' => 1, 'iblock_ids' => [$this->shop->products], 'sku_source' => 'property', 'sku_property' => 'ARTNUMBER',
            'gateway_url' => $this->market->url, 'secrets' => [Market::SECRET], 'orders' => ['carriers' => array_fill_keys(range(1, 9), 'RUSSIAN_POST')],
        ]);
        mkdir("{$this->site->root()}/deaths");
        $this->nextHit();
        $this->market->list(array_map(static fn (int $at): array => ["SKU-$at"], range(0, self::SKUS - 1)));
        $this->outbox()->append(1, Kind::Product, $products, Cause::Export);
        $this->await(fn (): bool => $this->deliver() === DrainReport::Drained, 'the outbox drains');
        $this->market->settle();
        $this->server->open();
    }

    protected function tearDown(): void
    {
        $this->server->kill();
        $this->market->stop();
        $this->nextHit();
        parent::tearDown();
    }

    /** @test */
    public function threeHundredOrdersLiveWhileEverybodyDies(): void
    {
        [$paid, $unpaid, $held] = [$this->buy(200, true), $this->buy(60, false), $this->buy(40, false)];
        $this->all($held, 'RISK_CONTROL');
        $this->storm(self::NEW_ORDER, fn (): int => $this->orders('1 = 1'), self::ORDERS);
        self::assertSame(200, $this->orders("PAYED = 'Y' AND STATUS_ID = 'P'"));
        $this->await(fn (): bool => $this->orders("MARKED = 'Y' AND REASON_MARKED LIKE '%do not ship%'") === 40, 'held orders are marked');

        // The shop is down while all of this happens on AliExpress.
        $this->server->kill();
        [$neverPaid, $paidLater] = [array_slice($unpaid, 0, 20), array_slice($unpaid, 20)];
        $this->all($neverPaid, 'FINISH', 'cancel_order_close_trade');
        $this->all([...$paidLater, ...$held], 'WAIT_SELLER_SEND_GOODS');
        $this->await(fn (): bool => $this->queued() > 0, 'the gateway has something to tell');
        $this->server->open();
        $this->storm(self::KNOWN_ORDER, fn (): int => $this->orders("CANCELED = 'Y' OR PAYED = 'Y'"), self::ORDERS);
        self::assertSame(280, $this->orders("PAYED = 'Y' AND STATUS_ID = 'P' AND MARKED <> 'Y'"));
        self::assertSame(20, $this->orders("CANCELED = 'Y' AND PAYED <> 'Y'"));

        // Buyers who paid and think better of it.
        $repented = array_slice($paid, 0, 30);
        $this->all($repented, 'IN_CANCEL');
        $this->await(fn (): bool => $this->orders("MARKED = 'Y'") === 30, 'wishes to cancel are flagged');
        $this->all($repented, 'FINISH', 'buyer_cancel_order');
        $this->storm(self::KNOWN_ORDER, fn (): int => $this->orders("CANCELED = 'Y'"), 50);

        $toShip = [...array_slice($paid, 30), ...$paidLater, ...$held];
        $this->ship($toShip);
        $this->storm(self::KNOWN_ORDER, fn (): int => $this->declared(), count($toShip), $this->deliver(...));

        // AliExpress takes some back to where they were, which is nothing for a shop that has sent them.
        $regressed = array_slice($toShip, 0, 20);
        $this->all($regressed, 'WAIT_SELLER_SEND_GOODS');
        $this->all(array_slice($toShip, 20), 'FUND_PROCESSING');
        $this->storm(self::KNOWN_ORDER, fn (): int => $this->orders("STATUS_ID = 'F'"), count($toShip) - 20);
        self::assertSame(20, $this->orders("STATUS_ID = 'P' AND PAYED = 'Y' AND DEDUCTED = 'Y' AND CANCELED <> 'Y'"));
        $this->all($toShip, 'FINISH', 'buyer_accept_goods');
        $this->storm(self::KNOWN_ORDER, fn (): int => $this->orders("STATUS_ID = 'F'"), count($toShip));

        $this->assertEachIsThereOnce($toShip);
        $this->assertStockIsRight($toShip);
    }

    /** @return list<int> AliExpress's ids */
    private function buy(int $count, bool $isPaid): array
    {
        $ids = [];
        for ($at = 0; $at < $count; $at++) {
            $line = ['sku' => 'SKU-' . (count($this->bought) % self::SKUS), 'quantity' => 1 + $at % 3];
            $ids[] = $id = $this->market->buy(['lines' => [$line + ['price' => '100.00']], 'paid' => $isPaid]);
            $this->bought[$id] = $line;
        }

        return $ids;
    }

    /** @param list<int> $orders */
    private function all(array $orders, string $status, string $reason = ''): void
    {
        foreach ($orders as $order) {
            $this->market->move($order, $status, $reason);
        }
    }

    /**
     * Waits until so many orders are where they shall be; on the way PHP dies at each of the events, the gateway too, and the shop's server
     * as a whole.
     *
     * @param list<string> $deaths
     * @param \Closure(): int $progress
     * @param (\Closure(): mixed)|null $meanwhile what cron does
     */
    private function storm(array $deaths, \Closure $progress, int $target, ?\Closure $meanwhile = null): void
    {
        foreach ($deaths as $event) {
            touch("{$this->site->root()}/deaths/$event");
        }
        $first = $progress();
        $strokes = [$this->market->kill(...), $this->server->restart(...)];
        $isDead = false;
        $this->await(function () use ($progress, $target, $meanwhile, $first, &$strokes, &$isDead): bool {
            $meanwhile === null || $meanwhile();
            $now = $progress();
            $part = $target === $first ? 1.0 : ($now - $first) / ($target - $first);
            if ($strokes !== [] && $part >= (3 - count($strokes)) / 3) {
                array_shift($strokes)();
            }
            if (!$isDead && glob("{$this->site->root()}/deaths/*") === []) {
                $isDead = true;
                $this->server->restart();
            }
            // Who runs a shop starts it again when all of it is dead.
            $this->server->isAlive() || $this->server->restart();

            return $now === $target && $strokes === [];
        }, "$target orders get where they shall be");
        array_map('unlink', glob("{$this->site->root()}/deaths/*") ?: []);
    }

    /** @param \Closure(): bool $isDone */
    private function await(\Closure $isDone, string $what): void
    {
        $this->market->wait(static function () use ($isDone): bool {
            usleep(50_000);

            return $isDone();
        }, "not so: $what");
    }

    private function orders(string $condition): int
    {
        return (int)Application::getConnection()->queryScalar("SELECT COUNT(*) FROM b_sale_order WHERE $condition");
    }

    private function queued(): int
    {
        $lane = $this->market->status()['lanes']['order'] ?? [];

        return ($lane['depth'] ?? 0) + ($lane['leased'] ?? 0);
    }

    /** Orders with a declared parcel. */
    private function declared(): int
    {
        return count(array_filter($this->market->orders(), static fn (array $order): bool => $order['parcels'] !== []));
    }

    /**
     * A manager sends them: in hits of a few orders each; in between a drain that dies.
     *
     * @param list<int> $orders
     */
    private function ship(array $orders): void
    {
        $deaths = self::DRAIN_DEATHS;
        foreach (array_chunk($orders, (int)ceil(count($orders) / (count($deaths) + 1))) as $chunk) {
            Loader::includeModule('sale');
            foreach ($chunk as $aliexpressId) {
                $order = Order::load($this->saleOrder($aliexpressId));
                self::assertInstanceOf(Order::class, $order);
                foreach ($order->getShipmentCollection()->getNotSystemItems() as $shipment) {
                    $shipment->setField('TRACKING_NUMBER', self::trackingNumber($aliexpressId));
                    $shipment->allowDelivery();
                    $shipment->setField('DEDUCTED', 'Y');
                }
                self::assertTrue($order->save()->isSuccess());
            }
            $this->endHit();
            $deaths === [] || $this->drainThatDies(array_shift($deaths));
        }
    }

    private static function trackingNumber(int $aliexpressId): string
    {
        return sprintf('RU%09dCN', $aliexpressId % 1_000_000_000);
    }

    private function saleOrder(int $aliexpressId): int
    {
        return (int)Application::getConnection()->queryScalar("SELECT ORDER_ID FROM b_aligate_aliexpress_order WHERE ALIEXPRESS_ORDER_ID = '$aliexpressId'");
    }

    private function drainThatDies(int $statement): void
    {
        $environment = $this->site->environment() + [
            'ALIGATE_TEST_CONNECTION' => json_encode($this->connection()->toArray(), JSON_THROW_ON_ERROR),
            'ALIGATE_TEST_DIE_AT' => (string)$statement,
        ] + getenv();
        $process = proc_open([PHP_BINARY, dirname(__DIR__, 2) . '/Fixtures/drain_process.php'], [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes, null, $environment);
        self::assertIsResource($process);
        proc_close($process);
    }

    private function connection(): Connection
    {
        $connection = (new ModuleOptions())->connection(1);
        self::assertInstanceOf(Connection::class, $connection);

        return $connection;
    }

    private function deliver(): DrainReport
    {
        return (new Senders(Application::getConnection(), new ModuleOptions()))->drain($this->connection(), microtime(true) + 60);
    }

    /** @param list<int> $shipped */
    private function assertEachIsThereOnce(array $shipped): void
    {
        self::assertSame(self::ORDERS, $this->orders('1 = 1'), 'one order of the shop each');
        $rows = Application::getConnection()->query('SELECT M.ALIEXPRESS_ORDER_ID AS AE, O.* FROM b_aligate_aliexpress_order M'
            . ' INNER JOIN b_sale_order O ON O.ID = M.ORDER_ID')->fetchAll();
        $rows = array_column($rows, null, 'AE');
        self::assertEqualsCanonicalizing(array_keys($this->bought), array_keys($rows));
        self::assertCount(self::ORDERS, array_unique(array_column($rows, 'ID')));
        $onAliExpress = $this->market->orders();
        foreach ($this->bought as $id => $line) {
            $isShipped = in_array($id, $shipped, true);
            $row = $rows[$id];
            $stands = [$row['CANCELED'], $row['PAYED'], $row['DEDUCTED'] ?? 'N', (float)$row['PRICE']];
            self::assertSame($isShipped ? ['N', 'Y', 'Y', 100.0 * $line['quantity']] : ['Y', 'N', 'N', 100.0 * $line['quantity']], $stands, "order $id: " . $this->story($id));
            $numbers = array_column($onAliExpress[$id]['parcels'], 'number');
            self::assertSame($isShipped ? [self::trackingNumber($id)] : [], $numbers, "parcels of $id");
        }
    }

    /** What the shop wrote down of an order, for who has to find out what went wrong. */
    private function story(int $aliexpressId): string
    {
        $order = $this->saleOrder($aliexpressId);
        $database = Application::getConnection();

        return json_encode([
            'log' => array_column($database->query("SELECT DETAIL FROM b_aligate_aliexpress_log WHERE DETAIL LIKE '%$aliexpressId%'")->fetchAll(), 'DETAIL'),
            'payments' => $database->query("SELECT PAID, SUM FROM b_sale_order_payment WHERE ORDER_ID = $order")->fetchAll(),
            'known' => $database->query("SELECT STATUS, ANSWER, DONE, VERSION FROM b_aligate_aliexpress_order WHERE ORDER_ID = $order")->fetchAll(),
        ], JSON_THROW_ON_ERROR | JSON_PARTIAL_OUTPUT_ON_ERROR);
    }

    /** @param list<int> $shipped */
    private function assertStockIsRight(array $shipped): void
    {
        $expected = [];
        for ($at = 0; $at < self::SKUS; $at++) {
            $expected["SKU-$at"] = self::STOCK;
        }
        foreach ($shipped as $id) {
            $expected[$this->bought[$id]['sku']] -= $this->bought[$id]['quantity'];
        }
        $inShop = [];
        $rows = Application::getConnection()->query("SELECT E.NAME, P.QUANTITY, P.QUANTITY_RESERVED FROM b_catalog_product P INNER JOIN b_iblock_element E ON E.ID = P.ID")->fetchAll();
        foreach ($rows as $row) {
            $inShop[str_replace('Item', 'SKU-', $row['NAME'])] = (int)$row['QUANTITY'];
            self::assertSame(0, (int)$row['QUANTITY_RESERVED'], "{$row['NAME']}: nothing is reserved any more");
        }
        self::assertEquals($expected, $inShop, 'what the shop can sell');
        $this->await(fn (): bool => $this->deliver() === DrainReport::Drained, 'the outbox drains');
        $this->market->settle();
        self::assertEquals($expected, $this->market->stocks(), 'what AliExpress sells');
        self::assertSame([], $this->waiting());
    }
}
