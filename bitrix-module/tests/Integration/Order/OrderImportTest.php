<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Order;

use Bitrix\Main\Application;
use Bitrix\Sale\Internals\PaySystemActionTable;

require_once __DIR__ . '/OrderImportTestCase.php';

/** `order.changed` → one order of the shop, with what AliExpress says and what managers did. */
final class OrderImportTest extends OrderImportTestCase
{
    /** @test */
    public function anOrderIsWrittenWhole(): void
    {
        $answer = $this->post(self::order(), 100);
        self::assertSame(200, $answer->status);
        self::assertTrue($answer->body['created']);
        $order = $this->load((int)$answer->body['order_id']);

        self::assertSame('aliexpress_' . self::ID, $order->getField('XML_ID'));
        self::assertSame('RUB', $order->getCurrency());
        self::assertEquals(250.0, $order->getPrice(), 'lines and delivery, as on AliExpress');
        self::assertTrue($order->isPaid());
        self::assertSame('P', $order->getField('STATUS_ID'));
        self::assertSame('Leave at the door', $order->getField('USER_DESCRIPTION'));
        $properties = $order->getPropertyCollection();
        self::assertSame('Anna P.', $properties->getPayerName()->getValue());
        self::assertSame('+7 900 000-00-00', $properties->getPhone()->getValue());
        self::assertSame('125009', $properties->getDeliveryLocationZip()->getValue());
        self::assertSame('125009, RU, Moscow, Moscow, Tverskaya 1', $properties->getAddress()->getValue());
        [$item] = $order->getBasket()->getBasketItems();
        self::assertSame([$this->shirt, 2.0, 100.0], [(int)$item->getProductId(), (float)$item->getQuantity(), (float)$item->getPrice()]);
        self::assertEquals(3.0, $this->shop->quantity($this->shirt), 'reserved as for an order of the shop');
        self::assertSame([], $this->logged());
    }

    /** @test */
    public function theSameEventTwiceGivesTheSameAnswerAndOneOrder(): void
    {
        $first = $this->post(self::order(), 100);
        $this->nextHit();
        $second = $this->post(self::order(), 100);

        self::assertEquals($first, $second);
        self::assertSame(1, $this->orders());
        self::assertEquals(3.0, $this->shop->quantity($this->shirt));
        $older = $this->post(self::order(['status' => 'PLACE_ORDER_SUCCESS', 'paid' => false]), 99);
        self::assertSame(['order_id' => $first->body['order_id'], 'created' => false], $older->body);
        self::assertSame('P', $this->load((int)$first->body['order_id'])->getField('STATUS_ID'));
    }

    /** @test */
    public function whatAWriteThatWasCutOffLeftBehindIsFound(): void
    {
        $id = $this->taken(self::order(), 100);
        Application::getConnection()->queryExecute('UPDATE b_aligate_aliexpress_order SET ORDER_ID = NULL, VERSION = 0, ANSWER = NULL, DONE = NULL');

        self::assertSame($id, $this->taken(self::order(), 100));
        Application::getConnection()->queryExecute('DELETE FROM b_aligate_aliexpress_order');
        self::assertSame($id, $this->taken(self::order(), 101));
        self::assertSame(1, $this->orders());
    }

    /** @test */
    public function anOrderThatSomebodyElseWritesIsForLater(): void
    {
        $process = $this->holdLock();
        try {
            $answer = $this->post(self::order(), 100);
            self::assertSame([503, 'order_busy', 5], [$answer->status, $answer->body['code'], $answer->retryAfterSeconds]);
        } finally {
            $process->close();
        }
        self::assertSame(0, $this->orders());
        $this->taken(self::order(), 100);
    }

    /** @test */
    public function itsEventsDoNotComeBackButTheStockThatItReservedDoes(): void
    {
        $this->post(self::order(), 100);
        $this->endHit();

        self::assertSame(["1 S {$this->shirt} order"], array_values(array_filter(
            $this->changes(),
            static fn (string $row): bool => !str_contains($row, ' P '),
        )));
    }

    /** @test */
    public function itLivesFromItsPlacingToItsEnd(): void
    {
        $id = $this->taken(self::order(['status' => 'PLACE_ORDER_SUCCESS', 'paid' => false]), 100);
        self::assertSame(['N', false], [$this->load($id)->getField('STATUS_ID'), $this->load($id)->isPaid()]);
        $this->taken(self::order(), 101);
        self::assertSame(['P', true], [$this->load($id)->getField('STATUS_ID'), $this->load($id)->isPaid()]);
        $this->taken(self::order(['status' => 'WAIT_BUYER_ACCEPT_GOODS']), 102);
        self::assertSame('P', $this->load($id)->getField('STATUS_ID'));
        self::assertTrue($this->load($id)->isAllowDelivery());
        $this->taken(self::order(['status' => 'FINISH']), 103);
        self::assertSame(['F', false], [$this->load($id)->getField('STATUS_ID'), $this->load($id)->isCanceled()]);
        self::assertSame(1, $this->orders());
    }

    /** @test */
    public function anOrderThatWasNeverPaidIsCancelledAtItsEndAndGivesItsStockBack(): void
    {
        $id = $this->taken(self::order(['status' => 'PLACE_ORDER_SUCCESS', 'paid' => false]), 100);
        self::assertEquals(3.0, $this->shop->quantity($this->shirt));
        $this->taken(self::order(['status' => 'FINISH', 'paid' => false]), 101);

        self::assertTrue($this->load($id)->isCanceled());
        self::assertEquals(5.0, $this->shop->quantity($this->shirt));
        self::assertContains('order_cancelled', $this->logged());
    }

    /** @test */
    public function anOrderThatWasPaidAndNeverShippedIsCancelledAtItsEnd(): void
    {
        $id = $this->taken(self::order(), 100);
        $this->taken(self::order(['status' => 'FINISH']), 101);
        self::assertTrue($this->load($id)->isCanceled());
    }

    /** @test */
    public function whetherItWasShippedIsTheGatewaysToSayWhereItDoes(): void
    {
        $id = $this->taken(self::order(), 100);
        $this->taken(self::order(['status' => 'FINISH', 'shipped' => true]), 101);
        self::assertSame(['F', false], [$this->load($id)->getField('STATUS_ID'), $this->load($id)->isCanceled()], 'what came between was coalesced');
        $other = $this->taken(self::order(['aliexpress_order_id' => '2', 'status' => 'FINISH', 'shipped' => false]), 102);
        self::assertTrue($this->load($other)->isCanceled(), 'first seen at its end');
    }

    /** @test */
    public function aManagersWorkIsNotUndoneAndNothingMovesBackwards(): void
    {
        $id = $this->taken(self::order(), 100);
        $order = $this->load($id);
        $order->setField('STATUS_ID', 'S');
        $order->setField('COMMENTS', 'called the buyer');
        $order->getPaymentCollection()[0]->setPaid('N');
        self::assertTrue($order->save()->isSuccess());
        $this->nextHit();

        $this->taken(self::order(['status' => 'RISK_CONTROL']), 101);
        $this->taken(self::order(), 102);
        $this->taken(self::order(['status' => 'PLACE_ORDER_SUCCESS', 'paid' => false]), 103);
        $order = $this->load($id);
        self::assertSame(['S', 'called the buyer', false], [$order->getField('STATUS_ID'), $order->getField('COMMENTS'), $order->isPaid()]);
        $this->taken(self::order(['status' => 'WAIT_BUYER_ACCEPT_GOODS']), 104);
        $this->taken(self::order(['status' => 'FINISH']), 105);
        self::assertSame('F', $this->load($id)->getField('STATUS_ID'), 'later than the managers status');
    }

    /** @test */
    public function aDeletedOrderStaysDeleted(): void
    {
        $id = $this->taken(self::order(['status' => 'PLACE_ORDER_SUCCESS', 'paid' => false]), 100);
        \Bitrix\Main\Loader::includeModule('sale');
        self::assertTrue(\Bitrix\Sale\Order::delete($id)->isSuccess());
        $this->nextHit();

        self::assertSame($id, $this->taken(self::order(), 101));
        self::assertSame(0, $this->orders());
        self::assertContains('order_gone', $this->logged());
    }

    /** @test */
    public function holdsAreMarkedAndTheMarkGoesWithThem(): void
    {
        $id = $this->taken(self::order(['status' => 'RISK_CONTROL', 'hold' => 'RISK_CONTROL']), 100);
        self::assertSame(['Y', 'AliExpress: do not ship, RISK_CONTROL'], $this->markOf($id));
        $this->taken(self::order(), 101);
        self::assertSame('N', $this->markOf($id)[0]);
        $this->taken(self::order(['status' => 'IN_ISSUE']), 102);
        self::assertSame(['Y', 'AliExpress: IN_ISSUE'], $this->markOf($id));
        $order = $this->load($id);
        $order->setField('REASON_MARKED', 'mine');
        $order->save();
        $this->taken(self::order(['status' => 'WAIT_BUYER_ACCEPT_GOODS']), 103);
        self::assertSame(['Y', 'mine'], $this->markOf($id), 'a managers mark stays');
    }

    /** @test */
    public function anAddressThatAliexpressKeptBackIsWrittenWhenItComes(): void
    {
        $hold = ['status' => 'RISK_CONTROL', 'hold' => 'RISK_CONTROL', 'buyer' => ['name' => 'Anna P.', 'country' => 'RU']];
        $id = $this->taken(self::order($hold), 100);
        self::assertSame('', (string)$this->load($id)->getPropertyCollection()->getAddress()->getValue());
        $order = $this->load($id);
        $order->getPropertyCollection()->getPayerName()->setField('VALUE', 'Anna Petrova');
        $order->save();
        $this->taken(self::order(), 101);
        $properties = $this->load($id)->getPropertyCollection();
        self::assertSame('125009, RU, Moscow, Moscow, Tverskaya 1', $properties->getAddress()->getValue());
        self::assertSame('+7 900 000-00-00', $properties->getPhone()->getValue());
        self::assertSame('Anna Petrova', $properties->getPayerName()->getValue(), 'a managers word stays');
    }

    /** @test */
    public function aShortageNeverRefusesAnOrder(): void
    {
        $id = $this->taken(self::order(['lines' => [self::line('1', 'SHIRT', 7, '100.00'), self::line('2', 'CAP', 1, '50.00')], 'total' => '750.00']), 100);
        $items = $this->load($id)->getBasket()->getBasketItems();
        self::assertSame([[$this->shirt, 5.0], [$this->shirt, 2.0], [$this->cap, 1.0]], array_map(
            static fn ($item): array => [(int)$item->getProductId(), (float)$item->getQuantity()],
            array_values([...$items]),
        ));
        self::assertEquals([0.0, 0.0], [$this->shop->quantity($this->shirt), $this->shop->quantity($this->cap)]);
        self::assertSame(['Y', 'AliExpress: stock_short'], $this->markOf($id));
        self::assertContains('stock_short', $this->logged());
    }

    /** @test */
    public function anUnknownSkuIsALineWithoutAProductOrRefusedAsTheSettingSays(): void
    {
        $unknown = self::order(['lines' => [self::line('1', 'SHIRT', 1, '100.00'), self::line('2', 'NOBODY', 3, '10.00')], 'total' => '130.00']);
        $id = $this->taken($unknown, 100);
        $items = array_values([...$this->load($id)->getBasket()->getBasketItems()]);
        self::assertSame(['Name of NOBODY', 3.0], [$items[1]->getField('NAME'), (float)$items[1]->getQuantity()]);
        self::assertEquals(130.0, $this->load($id)->getPrice());
        self::assertContains('sku_unknown', $this->logged());

        $this->connection = $this->settings(['refuses_unknown_skus' => true]);
        $answer = $this->post(['aliexpress_order_id' => '1'] + $unknown, 100);
        self::assertSame([422, 'sku_unknown'], [$answer->status, $answer->body['code']]);
        self::assertStringContainsString('NOBODY', $answer->body['detail']);
        self::assertSame(1, $this->orders());
    }

    /** @test */
    public function aCancelledLineIsReducedWhereNoManagerTouchedIt(): void
    {
        $lines = [self::line('1', 'SHIRT', 2, '100.00'), self::line('2', 'CAP', 1, '50.00')];
        $id = $this->taken(self::order(['lines' => $lines, 'total' => '250.00', 'status' => 'PLACE_ORDER_SUCCESS', 'paid' => false]), 100);
        $lines[1] = self::line('2', 'CAP', 1, '50.00', true);
        $this->taken(self::order(['lines' => $lines, 'total' => '200.00', 'status' => 'PLACE_ORDER_SUCCESS', 'paid' => false]), 101);
        self::assertCount(1, $this->load($id)->getBasket()->getBasketItems());
        self::assertEquals(1.0, $this->shop->quantity($this->cap), 'its stock is free again');

        $order = $this->load($id);
        $order->getBasket()->getBasketItems()[0]->setField('QUANTITY', 1);
        $order->save();
        $this->nextHit();
        $lines[0] = self::line('1', 'SHIRT', 2, '100.00', true);
        $this->taken(self::order(['lines' => $lines, 'total' => '0', 'status' => 'PLACE_ORDER_SUCCESS', 'paid' => false]), 102);
        self::assertCount(1, $this->load($id)->getBasket()->getBasketItems());
        self::assertContains('line_cancelled', $this->logged());
    }

    /** @test */
    public function settingsSayWhereThingsGo(): void
    {
        $this->connection = $this->settings(['delivery_id' => 2, 'pay_system_id' => 2, 'person_type_id' => 1, 'responsible_id' => 1,
            'properties' => ['name' => 'FIO', 'city' => 'ADDRESS'], 'statuses' => ['WAIT_SELLER_SEND_GOODS' => 'S']]);
        $order = $this->load($this->taken(self::order(), 100));
        self::assertSame('S', $order->getField('STATUS_ID'));
        self::assertSame('Moscow', $order->getPropertyCollection()->getAddress()->getValue());
        foreach ($order->getShipmentCollection()->getNotSystemItems() as $shipment) {
            self::assertSame(2, (int)$shipment->getDeliveryId());
        }
    }

    /** @test */
    public function noReceiptIsPrintedUnlessItIsWanted(): void
    {
        PaySystemActionTable::update(2, ['CAN_PRINT_CHECK' => 'Y']);
        $this->connection = $this->settings(['pay_system_id' => 2]);
        $id = $this->taken(self::order(), 100);
        self::assertFalse($this->load($id)->isPaid());
        self::assertContains('payment_prints_receipts', $this->logged());

        $this->connection = $this->settings(['pay_system_id' => 2, 'prints_receipts' => true]);
        self::assertTrue($this->load($this->taken(self::order(['aliexpress_order_id' => '2']), 100))->isPaid());
    }

    /**
     * @test
     * @dataProvider oddities
     */
    public function oddDataIsTaken(string $oddity): void
    {
        $id = $this->taken(self::order(self::odd($oddity)), 100);
        self::assertSame(1, $this->orders());
        self::assertSame('aliexpress_' . self::ID, $this->load($id)->getField('XML_ID'));
    }

    /** @return list<array{string}> */
    public static function oddities(): array
    {
        return array_map(static fn (string $one): array => [$one], ['emoji', 'long address', 'no phone', 'no buyer', 'price of nothing',
            'foreign currency', '200 lines', 'total below its lines', 'new status', 'markup']);
    }

    /** @return array<string, mixed> */
    private static function odd(string $oddity): array
    {
        return match ($oddity) {
            'emoji' => ['buyer' => ['name' => "Anna \u{1F600}", 'address' => "Tverskaya \u{1F3E0}"], 'comment' => "\u{1F381}"],
            'long address' => ['buyer' => ['name' => 'Anna', 'address' => str_repeat('long ', 1000)]],
            'no phone' => ['buyer' => ['address' => 'x']],
            'no buyer' => ['buyer' => null],
            'price of nothing' => ['lines' => [self::line('1', 'SHIRT', 1, '0')], 'total' => '0'],
            'foreign currency' => ['currency' => 'EUR', 'total' => '29.98', 'lines' => [self::line('1', 'SHIRT', 2, '14.99')]],
            '200 lines' => ['total' => '200.00', 'lines' => array_map(
                static fn (int $number): array => self::line((string)$number, $number % 2 === 0 ? 'SHIRT' : "UNKNOWN-$number", 1, '1.00'),
                range(1, 200),
            )],
            'total below its lines' => ['total' => '150.00'],
            'new status' => ['status' => 'SOMETHING_NEW'],
            'markup' => ['comment' => "'\"<script>", 'buyer' => ['name' => "O'Hara <b>"]],
        };
    }

    /** @return array{string, string} */
    private function markOf(int $orderId): array
    {
        $order = $this->load($orderId);

        return [(string)$order->getField('MARKED'), (string)$order->getField('REASON_MARKED')];
    }

    /** Another connection to the database that holds the order's lock. */
    private function holdLock(): \mysqli
    {
        $other = $this->site->link();
        $named = fn (string $name): string => $this->getLockName($name);
        $name = $named->call(Application::getConnection(), 'aligate.aliexpress.order.1.' . self::ID);
        self::assertSame('1', (string)$other->query("SELECT GET_LOCK('$name', 0)")->fetch_row()[0]);

        return $other;
    }
}
