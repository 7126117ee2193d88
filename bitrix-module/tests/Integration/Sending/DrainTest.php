<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Sending;

use Aligate\Aliexpress\Gateway\Exception\Recoverable;
use Aligate\Aliexpress\Gateway\Exception\Unrecoverable;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Sending\DrainReport;
use Aligate\Aliexpress\Sweep\Sweep;
use Bitrix\Main\Application;

require_once __DIR__ . '/SendingTestCase.php';

/** Rows of the outbox → events, and what becomes of the rows. */
final class DrainTest extends SendingTestCase
{
    /** @test */
    public function aSimpleProductIsToldWithItsStockAndPrice(): void
    {
        $id = $this->sold('A', 7.9);
        $this->touch(Kind::Product, [$id]);

        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame(['price.changed A 100.00', "product.changed $id", 'stock.changed A 7'], $this->gateway->told());
        self::assertSame(["P $id A"], $this->rows());
    }

    /** @test */
    public function touchesOfOneEntityAreOneEventWithTheMostUrgentCause(): void
    {
        $id = $this->sold('A', 7);
        $this->touch(Kind::Stock, [$id, $id, $id]);
        $this->drain();

        self::assertSame(['stock.changed A 7'], $this->gateway->told());
        self::assertSame(["S $id A", "S $id A", "S $id A"], $this->rows());
    }

    /** @test */
    public function anOfferIsToldUnderItsOwnSkuAndItsProductWithAllOffers(): void
    {
        $product = $this->shop->product('TSHIRT');
        [$red, $blue] = [$this->shop->offer($product, 'RED'), $this->shop->offer($product, 'BLUE')];
        $this->shop->goods($red, 3, '10');
        $this->shop->goods($blue, 4, '20');
        $this->touch(Kind::Product, [$red]);
        $this->touch(Kind::Stock, [$red]);
        $this->drain();

        $data = $this->gateway->states["product $product"];
        self::assertSame(['RED', 'BLUE'], array_column($data['offers'], 'sku'));
        self::assertSame([(string)$red, (string)$blue], array_column($data['offers'], 'offer_id'));
        self::assertSame([3, 4], array_column($data['offers'], 'quantity'));
        self::assertSame(
            ['price.changed BLUE 20.00', 'price.changed RED 10.00', "product.changed $product", 'stock.changed BLUE 4', 'stock.changed RED 3'],
            $this->gateway->told(),
        );
    }

    /** @test */
    public function whatFollowsFromAProductIsToldOnlyWhereItDiffers(): void
    {
        $id = $this->sold('A', 7);
        $this->touch(Kind::Product, [$id]);
        $this->drain();
        $this->gateway->told();

        $this->touch(Kind::Product, [$id]);
        $this->drain();
        self::assertSame(["product.changed $id"], $this->gateway->told());

        $this->touch(Kind::Product, [$id], true);
        $this->drain();
        self::assertSame(['price.changed! A 100.00', "product.changed! $id", 'stock.changed! A 7'], $this->gateway->told());
    }

    /** @test */
    public function whatIsNoGoodsOfTheConnectionNeedsNoEvent(): void
    {
        $this->touch(Kind::Stock, [4711]);
        $this->touch(Kind::Product, [4712]);
        $this->touch(Kind::Order, [4713]);

        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame([], $this->gateway->told());
        self::assertSame([], $this->rows());
    }

    /** @test */
    public function aFailureRestsTheConnectionAndKeepsTheRows(): void
    {
        $id = $this->sold('A', 7);
        $this->touch(Kind::Stock, [$id]);
        $this->gateway->failures = [new Recoverable('the store is away', 'store_away', 503, 120)];

        self::assertSame(DrainReport::Failed, $this->drain());
        self::assertSame(["S $id W"], $this->rows());
        $standing = $this->senders()->standings->of(1);
        self::assertSame(['store_away', 1, false], [$standing->code, $standing->failures, $standing->isRefused]);
        self::assertGreaterThanOrEqual($standing->failedAt + 120, $standing->restsUntil, 'the gateway asked for two minutes');
        self::assertSame(DrainReport::Resting, $this->drain(), 'and gets them');

        $this->senders()->standings->wake(1);
        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame(['stock.changed A 7'], $this->gateway->told());
        self::assertSame('', $this->senders()->standings->of(1)->code);
    }

    /** @test */
    public function aRefusalIsShownAndLosesNothing(): void
    {
        $id = $this->sold('A', 7);
        $this->touch(Kind::Stock, [$id]);
        $this->gateway->failures = [new Unrecoverable('the gateway answered 401', 'unauthorized', 401)];

        self::assertSame(DrainReport::Failed, $this->drain());
        self::assertSame(["S $id W"], $this->rows());
        self::assertTrue($this->senders()->standings->of(1)->isRefused);
        self::assertSame('unauthorized', $this->senders()->journal->page(1, null, 1)[0]->code);
    }

    /** @test */
    public function aRejectedEventIsParkedAloneWithItsReason(): void
    {
        [$good, $bad] = [$this->sold('GOOD', 1), $this->sold('BAD', 2)];
        $this->gateway->rejects = static fn (array $event): ?string => ($event['data']['sku'] ?? '') === 'BAD' ? 'sku_banned' : null;
        $this->touch(Kind::Stock, [$good, $bad]);

        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame(["S $good A", "S $bad P sku_banned"], $this->rows());

        $this->gateway->rejects = null;
        $this->touch(Kind::Stock, [$bad]);
        $this->drain();
        self::assertSame(["S $good A", "S $bad A"], $this->rows(), 'a newer row that went settles what was parked');
    }

    /** @test */
    public function whereNothingOfADeliveryIsAcceptableEachEventIsParkedWithItsReason(): void
    {
        $bad = $this->sold('BAD', 2);
        $this->touch(Kind::Stock, [$bad]);
        $rejected = [new \Aligate\Aliexpress\Gateway\RejectedEvent(0, 'sku_banned', 'no')];
        $this->gateway->failures = [new Unrecoverable('nothing', 'nothing_acceptable', 422, $rejected)];

        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame(["S $bad P sku_banned"], $this->rows());
    }

    /** @test */
    public function aDeliveryThatIsTooLargeIsHalvedUntilTheCulpritStandsAlone(): void
    {
        $ids = array_map(fn (int $at): int => $this->sold("SKU-$at", $at), range(1, 9));
        $this->gateway->before = static function (array $events): void {
            if (in_array('SKU-5', array_column(array_column($events, 'data'), 'sku'), true)) {
                throw new Unrecoverable('too large', 'body_too_large', 413);
            }
        };
        $this->touch(Kind::Stock, $ids);

        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame(["S {$ids[4]} P body_too_large"], $this->rows('P'));
        self::assertCount(8, $this->rows('A'));
    }

    /** @test */
    public function anEventTooLargeForTheGatewayIsParkedAlone(): void
    {
        $large = $this->shop->product('LARGE', ['DETAIL_TEXT' => str_repeat('x', 1100000), 'DETAIL_TEXT_TYPE' => 'html']);
        $this->shop->goods($large, 1);
        $small = $this->sold('SMALL', 1);
        $this->touch(Kind::Product, [$large, $small]);

        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame(["P $large P event_too_large", "P $small A"], $this->rows());
        self::assertSame(1, $this->gateway->stock('LARGE'), 'its stock goes all the same');
    }

    /** @test */
    public function deliveriesHoldAsManyEventsAsTheSettingsSayAndSoldOutGoesFirst(): void
    {
        \Bitrix\Main\Config\Option::set('aligate.aliexpress', 'batch_events', '4');
        $ids = array_map(fn (int $at): int => $this->sold("SKU-$at", $at % 5), range(1, 10));
        $this->touch(Kind::Stock, $ids);
        $this->drain();

        self::assertSame([4, 4, 2], array_map('count', $this->gateway->deliveries));
        $quantities = array_column(array_column(array_merge(...$this->gateway->deliveries), 'data'), 'quantity');
        self::assertSame([0, 0], array_slice($quantities, 0, 2));
    }

    /** @test */
    public function aStaleEventRaisesTheFloorAndIsReadAgain(): void
    {
        $id = $this->sold('A', 7);
        $ahead = (int)(microtime(true) * 1000000) + 3600000000;
        $this->gateway->held['stock A'] = $ahead;
        $this->touch(Kind::Stock, [$id]);

        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame(7, $this->gateway->stock('A'));
        self::assertGreaterThan($ahead, $this->gateway->held['stock A']);
        self::assertSame(["S $id A"], $this->rows());
    }

    /** @test */
    public function aClockThatStepsBackSilencesNothing(): void
    {
        $id = $this->sold('A', 7);
        $this->touch(Kind::Stock, [$id]);
        $this->drain();
        Application::getConnection()->queryExecute('SET timestamp = UNIX_TIMESTAMP() - 86400');
        $this->shop->quantity($id, 5);
        $this->touch(Kind::Stock, [$id]);

        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame(5, $this->gateway->stock('A'));
        self::assertSame(2, count($this->gateway->deliveries), 'the first try is newer already');
    }

    /** @test */
    public function anEmptiedGatewayIsToldAgainWhatItAcknowledgedWithForce(): void
    {
        [$first, $second] = [$this->sold('A', 1), $this->sold('B', 2)];
        $this->touch(Kind::Stock, [$first]);
        $this->drain();
        $this->gateway->told();

        [$this->gateway->generation, $this->gateway->held, $this->gateway->states] = ['GEN-2', [], []];
        $this->touch(Kind::Stock, [$second]);
        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame(['stock.changed B 2', 'stock.changed! A 1'], $this->gateway->told());
        self::assertSame(["S $first A", "S $second A"], $this->rows());
        self::assertSame('gateway_emptied', $this->senders()->journal->page(1, null, 1)[0]->code);
    }

    /** @test */
    public function whatAnEmptiedGatewayHadLongAgoIsToldAnewByTheSweep(): void
    {
        $id = $this->sold('A', 1);
        $this->touch(Kind::Product, [$id]);
        $this->drain();
        $this->shop->sql('DELETE FROM b_aligate_aliexpress_outbox');
        $this->gateway->told();
        self::assertSame(0, Sweep::of($this->senders())->run($this->connection(), microtime(true) + 30), 'nothing differs');

        [$this->gateway->generation, $this->gateway->held, $this->gateway->states] = ['GEN-2', [], []];
        $other = $this->sold('B', 2);
        $this->touch(Kind::Stock, [$other]);
        $this->drain();
        Sweep::of($this->senders())->run($this->connection(), microtime(true) + 30);
        $this->drain();
        self::assertSame(1, $this->gateway->stock('A'));
        self::assertArrayHasKey("product $id", $this->gateway->states);
    }

    /** @test */
    public function anElementThatCannotBeReadIsParkedAloneAndBlocksNobody(): void
    {
        $this->shop->insert('b_hlblock_entity', ['NAME' => 'Broken', 'TABLE_NAME' => 'no_such_table']);
        $this->shop->property(300, 1, 'COLOR', 'S', [
            'USER_TYPE' => 'directory', 'USER_TYPE_SETTINGS' => serialize(['TABLE_NAME' => 'no_such_table']),
        ]);
        $bad = $this->sold('BAD', 1);
        $this->shop->value($bad, 1, 300, 'red');
        $good = array_map(fn (int $at): int => $this->sold("GOOD-$at", $at), range(1, 6));
        $this->touch(Kind::Product, [...array_slice($good, 0, 3), $bad, ...array_slice($good, 3)]);

        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame(["P $bad P state_unreadable"], $this->rows('P'));
        self::assertCount(6, $this->rows('A'));
    }

    private function sold(string $sku, float $quantity): int
    {
        $id = $this->shop->product($sku);
        $this->shop->goods($id, $quantity);

        return $id;
    }
}
