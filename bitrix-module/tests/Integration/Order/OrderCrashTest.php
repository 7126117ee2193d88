<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Order;

use Aligate\Aliexpress\Tests\FakeKernel\Child;

require_once __DIR__ . '/OrderImportTestCase.php';

/** PHP dies at each step of an import, or two do it at once: one order, right at the end. */
final class OrderCrashTest extends OrderImportTestCase
{
    private const TAKE = <<<'PHP'
        \Bitrix\Main\Loader::includeModule('aligate.aliexpress');
        $services = \Bitrix\Main\DI\ServiceLocator::getInstance();
        $data = \Aligate\Aliexpress\Order\OrderData::fromArray(json_decode(%s, true));
        $connection = $services->get('aligate.aliexpress.options')->connection(1);
        PHP;

    private const IMPORTER = <<<'PHP'

        $database = \Bitrix\Main\Application::getConnection();
        $sent = new \Aligate\Aliexpress\Sending\SentRepository($database, new \Aligate\Aliexpress\Reading\Rows($database));
        $importer = new \Aligate\Aliexpress\Order\OrderImporter(
            new \Aligate\Aliexpress\Order\ImportedOrders($database),
            new \Aligate\Aliexpress\Order\SaleOrders(new \Aligate\Aliexpress\Order\GoodsWriter(), new \Aligate\Aliexpress\Order\StateWriter()),
            new \Aligate\Aliexpress\Order\OfferFinder($sent),
            $services->get('aligate.aliexpress.importing'),
            $services->get('aligate.aliexpress.journal'),
        );
        echo json_encode($importer->import($connection, $data, 100, str_repeat('d', 64)));
        PHP;

    /**
     * @test
     * @dataProvider events
     */
    public function aDeathAtAnyStepLosesAndDoublesNothing(string $module, string $event): void
    {
        $die = "\\Bitrix\\Main\\EventManager::getInstance()->addEventHandler('$module', " . var_export($event, true) . ","
            . " static function (): void { posix_kill(getmypid(), SIGKILL); });\n";
        self::assertSame('', $this->child($die . self::IMPORTER)->wait()[0], 'it died');
        self::assertSame(0, $this->orders(), 'all of it or nothing');
        self::assertEquals(5.0, $this->shop->quantity($this->shirt), 'nothing is reserved for an order that is not there');

        $id = $this->taken(self::order(), 101);
        self::assertSame(1, $this->orders());
        self::assertEquals(3.0, $this->shop->quantity($this->shirt), 'reserved once');
        $order = $this->load($id);
        self::assertSame('P', $order->getField('STATUS_ID'));
        self::assertTrue($order->isPaid());
    }

    /** @return list<array{string, string}> events of a save: before anything is written, after its stock, after the order's row */
    public static function events(): array
    {
        return [['sale', 'OnSaleOrderBeforeSaved'], ['catalog', '\\Bitrix\\Catalog\\Product::OnAfterUpdate'], ['sale', 'OnSaleOrderSaved']];
    }

    /** @test */
    public function ordersOfTheSameGoodsAtOnceLoseNoPieces(): void
    {
        $children = [];
        foreach (['8123456789012345', '8123456789012346', '8123456789012347', '8123456789012348'] as $id) {
            $children[] = $this->child(self::IMPORTER, ['aliexpress_order_id' => $id, 'lines' => [self::line('1', 'SHIRT', 1, '100.00')]]);
        }
        foreach ($children as $child) {
            [$answer, $errors] = $child->wait();
            self::assertStringContainsString('order_id', $answer, $errors);
        }

        self::assertSame(4, $this->orders());
        self::assertEquals(1.0, $this->shop->quantity($this->shirt), 'each has its piece');
    }

    /** @test */
    public function twoDeliveriesAtOnceMakeOneOrder(): void
    {
        $children = [$this->child(self::IMPORTER), $this->child(self::IMPORTER), $this->child(self::IMPORTER)];
        $answers = array_map(static fn (Child $child): array => $child->wait(), $children);

        self::assertSame(1, $this->orders(), json_encode($answers, JSON_THROW_ON_ERROR));
        self::assertCount(1, array_unique(array_column($answers, 0)), 'the same event gets the same answer');
        self::assertEquals(3.0, $this->shop->quantity($this->shirt), 'reserved once');
    }

    /** @param array<string, mixed> $more of the order */
    private function child(string $code, array $more = []): Child
    {
        $data = var_export(json_encode(self::order($more), JSON_THROW_ON_ERROR), true);

        return Child::code($this->site, sprintf(self::TAKE, $data) . "\n" . $code);
    }
}
