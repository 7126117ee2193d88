<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Flow;

use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Sending\DrainReport;
use Aligate\Aliexpress\Tests\Fixtures\Market;
use Aligate\Aliexpress\Tests\Fixtures\ShopRows;
use Aligate\Aliexpress\Tests\Integration\Sending\SendingTestCase;
use Bitrix\Main\Application;

require_once dirname(__DIR__) . '/Sending/SendingTestCase.php';
require_once dirname(__DIR__, 2) . '/Fixtures/Market.php';

/** From the shop's tables to AliExpress: the module, a real gateway on Redis, the simulator behind. */
final class GatewayTest extends SendingTestCase
{
    private Market $market;

    /** @var list<int> */
    private array $ids = [];

    protected function setUp(): void
    {
        parent::setUp();
        $this->market = Market::shared();
        foreach (range(1, 12) as $at) {
            $this->ids[] = $id = $this->shop->product("SKU-$at");
            $this->shop->goods($id, $at, "$at.50");
        }
        $this->market->list([1 => array_map(static fn (int $at): string => "SKU-$at", range(1, 12))]);
    }

    /** @test */
    public function stockAndPricesReachAliExpress(): void
    {
        $this->touch(Kind::Product, $this->ids);
        self::assertSame(DrainReport::Drained, $this->deliver());
        $this->market->settle();

        $sells = $this->market->sells();
        foreach (range(1, 12) as $at) {
            self::assertSame(['stock' => $at, 'price' => sprintf('%d.50', $at)], array_slice($sells["SKU-$at"], 0, 2));
        }
        self::assertCount(12, $this->rows('A'));
    }

    /** @test */
    public function renamedDeletedAndInactiveSkusAreSoldOut(): void
    {
        $this->touch(Kind::Product, $this->ids);
        $this->deliver();
        $this->shop->value($this->ids[0], ShopRows::PRODUCTS, ShopRows::ARTICLE_OF_PRODUCT, 'NEW');
        $this->shop->sql("DELETE FROM b_iblock_element WHERE ID = {$this->ids[1]}");
        $this->shop->sql("UPDATE b_iblock_element SET ACTIVE = 'N' WHERE ID = {$this->ids[2]}");
        $this->shop->price($this->ids[3], null);
        $this->touch(Kind::Product, array_slice($this->ids, 0, 4));
        self::assertSame(DrainReport::Drained, $this->deliver());
        $this->market->settle();

        $stocks = $this->market->stocks();
        self::assertSame([0, 0, 0, 0, 5], array_map(static fn (int $at): int => $stocks["SKU-$at"], range(1, 5)));
    }

    /** @test */
    public function anOutageOfTheGatewayLosesNothingAndEndsByItself(): void
    {
        $this->market->close();
        $this->touch(Kind::Product, $this->ids);
        self::assertSame(DrainReport::Failed, $this->deliver());
        self::assertCount(12, $this->rows('W'));
        self::assertSame('network', $this->senders()->standings->of(1)->code);
        foreach ($this->ids as $at => $id) {
            $this->shop->quantity($id, 100 + $at);
        }
        $this->touch(Kind::Stock, $this->ids);

        $this->market->open();
        self::assertSame(DrainReport::Resting, $this->deliver(), 'it rests for a while');
        $this->theRestIsOver();
        self::assertSame(DrainReport::Drained, $this->deliver());
        $this->market->settle();
        self::assertSame([100, 111], [$this->market->stocks()['SKU-1'], $this->market->stocks()['SKU-12']]);
        self::assertSame([], $this->rows('W'));
    }

    /** @test */
    public function anEmptiedGatewayEndsEqualToTheShop(): void
    {
        $this->touch(Kind::Product, $this->ids);
        $this->deliver();
        $this->market->settle();
        foreach ($this->ids as $at => $id) {
            $this->shop->quantity($id, 50 + $at);
        }
        $this->market->close();
        $this->market->open();
        $this->touch(Kind::Stock, $this->ids);
        $this->deliver();
        // What was acknowledged a moment ago may be lost with the store.
        $this->market->emptyStore();
        $this->market->import();
        $this->shop->quantity($this->ids[0], 7);
        $this->touch(Kind::Stock, [$this->ids[0]]);
        self::assertSame(DrainReport::Drained, $this->deliver());
        $this->market->settle();

        $stocks = $this->market->stocks();
        self::assertSame([7, 51, 61], [$stocks['SKU-1'], $stocks['SKU-2'], $stocks['SKU-12']]);
    }

    /** @test */
    public function aClockThatSteppedBackBeforeAReinstallationSilencesNothing(): void
    {
        $this->touch(Kind::Stock, $this->ids);
        $this->deliver();
        foreach (['outbox', 'sent', 'state', 'log'] as $table) {
            $this->shop->sql("DELETE FROM b_aligate_aliexpress_$table");
        }
        Application::getConnection()->queryExecute('SET timestamp = UNIX_TIMESTAMP() - 86400');
        foreach ($this->ids as $id) {
            $this->shop->quantity($id, 3);
        }
        $this->touch(Kind::Stock, $this->ids);
        self::assertSame(DrainReport::Drained, $this->deliver());
        $this->market->settle();

        self::assertSame([3], array_values(array_unique($this->market->stocks())));
    }

    /** @test */
    public function aWrongSecretIsShownAndLosesNothing(): void
    {
        $this->touch(Kind::Stock, $this->ids);
        $wrong = $this->connection(['gateway_url' => $this->market->url, 'secrets' => ['whsec_' . base64_encode(str_repeat('x', 32))]]);
        self::assertSame(DrainReport::Failed, $this->senders()->drain($wrong, microtime(true) + 30));
        self::assertTrue($this->senders()->standings->of(1)->isRefused);
        self::assertCount(12, $this->rows('W'));

        $this->theRestIsOver();
        self::assertSame(DrainReport::Drained, $this->deliver());
    }

    private function deliver(): DrainReport
    {
        $connection = $this->connection(['gateway_url' => $this->market->url, 'secrets' => [Market::SECRET]]);

        return $this->senders()->drain($connection, microtime(true) + 60);
    }

    private function theRestIsOver(): void
    {
        $this->senders()->standings->wake(1);
    }
}
