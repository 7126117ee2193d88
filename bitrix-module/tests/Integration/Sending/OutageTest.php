<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Sending;

use Aligate\Aliexpress\Gateway\Exception\Recoverable;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Sending\DrainReport;
use Aligate\Aliexpress\Sending\Senders;
use Bitrix\Main\Application;

require_once __DIR__ . '/SendingTestCase.php';

/** The gateway is away for a day. */
final class OutageTest extends SendingTestCase
{
    private int $now = 1763892000;

    /** @test */
    public function nothingIsLostTheGatewayIsSparedAndEverythingDrainsByItself(): void
    {
        $ids = array_map(function (int $at): int {
            $id = $this->shop->product("SKU-$at");
            $this->shop->goods($id, $at);

            return $id;
        }, range(1, 20));
        $this->gateway->before = static function (): void {
            throw new Recoverable('the gateway did not answer', 'network');
        };
        $tries = 0;
        for ($minute = 0; $minute < 1440; $minute++) {
            if ($minute % 60 === 0) {
                $this->shop->quantity($ids[$minute / 60 % 20], 100 + $minute);
                $this->touch(Kind::Stock, $ids);
            }
            $tries += (int)($this->agent() === DrainReport::Failed);
            $this->now += 60;
        }
        self::assertCount(24 * 20, $this->rows('W'));
        self::assertGreaterThan(200, $tries, 'it is tried again and again');
        self::assertLessThan(700, $tries, 'with pauses');

        $this->gateway->before = null;
        $waited = 0;
        while (($report = $this->agent()) === DrainReport::Resting) {
            $this->now += 60;
            $waited++;
        }
        self::assertSame(DrainReport::Drained, $report);
        self::assertLessThanOrEqual(5, $waited, 'within five minutes after it is back');
        self::assertSame([], $this->rows('W'));
        self::assertCount(20, array_merge(...$this->gateway->deliveries), 'a day of changes is one state of each SKU');
        self::assertSame([1300, 1360], [$this->gateway->stock('SKU-1'), $this->gateway->stock('SKU-2')]);
    }

    /** @test */
    public function aRestWrittenByAClockThatWasWrongIsNoRest(): void
    {
        $this->touch(Kind::Stock, [$this->shop->product('A')]);
        $this->gateway->failures = [new Recoverable('away', 'network')];
        $this->now += 30 * 86400;
        self::assertSame(DrainReport::Failed, $this->agent());
        $this->now -= 30 * 86400;
        self::assertSame(DrainReport::Drained, $this->agent());
    }

    private function agent(): DrainReport
    {
        $senders = new Senders(Application::getConnection(), new ModuleOptions(), fn (): int => $this->now);

        return $senders->drainWith($this->connection(), $this->gateway, microtime(true) + 30);
    }
}
