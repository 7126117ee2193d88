<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Sending;

use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Sweep\Sweep;

require_once __DIR__ . '/SendingTestCase.php';

/** Orders of AliExpress as they stand in the shop → `order.status_changed`. */
final class OrderTest extends SendingTestCase
{
    private const ORDER = 551;
    private const ALIEXPRESS = '8123456789012345';
    private int $shirt;
    private int $cap;

    protected function setUp(): void
    {
        parent::setUp();
        [$this->shirt, $this->cap] = [$this->shop->product('SHIRT'), $this->shop->product('CAP')];
        $this->shop->insert('b_aligate_aliexpress_order', ['CONNECTION_ID' => 1, 'ALIEXPRESS_ORDER_ID' => self::ALIEXPRESS, 'ORDER_ID' => self::ORDER]);
        $this->shop->insert('b_sale_order', ['ID' => self::ORDER, 'LID' => 's1', 'CANCELED' => 'N', 'STATUS_ID' => 'P',
            'DATE_UPDATE' => date('Y-m-d H:i:s'), 'DATE_INSERT' => date('Y-m-d H:i:s')]);
        foreach ([[1, $this->shirt, 2], [2, $this->cap, 1]] as [$id, $product, $quantity]) {
            $this->shop->insert('b_sale_basket', ['ID' => $id, 'ORDER_ID' => self::ORDER, 'PRODUCT_ID' => $product, 'QUANTITY' => $quantity]);
        }
        $this->shop->insert('b_sale_delivery_srv', ['ID' => 5, 'NAME' => 'Post', 'CODE' => 'post']);
        $this->parcel(70, ['SYSTEM' => 'Y', 'TRACKING_NUMBER' => 'NEVER'], [1 => 2, 2 => 1]);
    }

    /** @test */
    public function anOrderWithoutAParcelIsNothingToTell(): void
    {
        $this->parcel(71, ['TRACKING_NUMBER' => ''], [1 => 2]);
        $this->parcel(72, ['TRACKING_NUMBER' => 'RU9', 'CANCELED' => 'Y'], [1 => 2]);
        self::assertNull($this->told());
        self::assertSame([], $this->rows());
    }

    /** @test */
    public function aParcelIsToldWithItsLinesAndTheWholeListOnceThereAreMore(): void
    {
        $this->parcel(77, ['TRACKING_NUMBER' => 'RU1'], [1 => 2]);
        $first = ['id' => '77', 'tracking_number' => 'RU1', 'carrier' => 'RUSSIAN_POST', 'tracking_url' => null,
            'lines' => [['sku' => 'SHIRT', 'quantity' => 2]]];
        self::assertSame(['aliexpress_order_id' => self::ALIEXPRESS, 'order_id' => '551', 'status' => 'shipped', 'complete' => false,
            'shipments' => [$first]], $this->told(['carriers' => ['5' => 'RUSSIAN_POST']]));

        $this->parcel(78, ['TRACKING_NUMBER' => 'RU2', 'DELIVERY_ID' => 6], [2 => 1]);
        $told = $this->told();
        self::assertTrue($told['complete']);
        self::assertSame(['RU1', 'RU2'], array_column($told['shipments'], 'tracking_number'));
        self::assertSame(['post', null], array_column($told['shipments'], 'carrier'), 'without a setting: the code of the service');
    }

    /** @test */
    public function aNumberThatIsTakenBackIsTold(): void
    {
        $this->parcel(77, ['TRACKING_NUMBER' => 'RU1'], [1 => 2]);
        $this->told();
        $this->shop->sql("UPDATE b_sale_order_delivery SET TRACKING_NUMBER = '' WHERE ID = 77");
        self::assertSame([], $this->told()['shipments']);
    }

    /** @test */
    public function cancelledDoneAndDeletedAreTold(): void
    {
        $this->shop->sql("UPDATE b_sale_order SET CANCELED = 'Y'");
        self::assertSame('cancelled', $this->told()['status']);
        $this->shop->sql("UPDATE b_sale_order SET CANCELED = 'N', STATUS_ID = 'F'");
        $this->parcel(77, ['TRACKING_NUMBER' => 'RU1'], [1 => 2, 2 => 1]);
        self::assertSame('delivered', $this->told()['status']);
        $this->shop->sql('DELETE FROM b_sale_order');
        self::assertSame('cancelled', $this->told()['status']);
    }

    /** @test */
    public function theSweepFindsWhatWasWrittenBySqlOnce(): void
    {
        $sweep = fn (): ?int => Sweep::of($this->senders())->run($this->connection(), microtime(true) + 30);
        $sweep();
        $this->drain();
        $this->gateway->told();
        $this->parcel(77, ['TRACKING_NUMBER' => 'RU1'], [1 => 2]);
        $this->shop->sql('UPDATE b_sale_order SET DATE_UPDATE = NOW() WHERE ID = ' . self::ORDER);
        $sweep();
        $this->drain();
        self::assertContains('order.status_changed ' . self::ALIEXPRESS . ' shipped', $this->gateway->told());
        self::assertSame(0, $sweep());
    }

    /**
     * @param array<string, mixed> $orders settings of orders
     * @return array<string, mixed>|null
     */
    private function told(array $orders = []): ?array
    {
        $this->gateway->states = [];
        $this->touch(Kind::Order, [self::ORDER]);
        $this->drain($this->connection(['orders' => $orders]));

        return $this->gateway->states['order ' . self::ALIEXPRESS] ?? null;
    }

    /**
     * @param array<string, mixed> $more
     * @param array<int, int> $pieces line of the basket => how many
     */
    private function parcel(int $id, array $more, array $pieces): void
    {
        $this->shop->insert('b_sale_order_delivery', $more + ['ID' => $id, 'ORDER_ID' => self::ORDER, 'SYSTEM' => 'N', 'DELIVERY_ID' => 5,
            'CANCELED' => 'N']);
        foreach ($pieces as $line => $quantity) {
            $this->shop->insert('b_sale_order_dlv_basket', ['ORDER_DELIVERY_ID' => $id, 'BASKET_ID' => $line, 'QUANTITY' => $quantity]);
        }
    }
}
