<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Sending;

use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Sending\DrainReport;
use Aligate\Aliexpress\Tests\Fixtures\GatewayServer;
use Aligate\Aliexpress\Tests\Fixtures\ShopRows;

require_once __DIR__ . '/SendingTestCase.php';
require_once dirname(__DIR__, 2) . '/Fixtures/GatewayServer.php';

/** PHP is killed between each two steps of a drain, and drains meet: nothing is lost, nothing is sold that is not there. */
final class DeathTest extends SendingTestCase
{
    /** A drain of this test has fewer statements. */
    private const STATEMENTS_MAX = 80;

    private GatewayServer $server;

    protected function setUp(): void
    {
        parent::setUp();
        $this->server ??= new GatewayServer();
        $this->server->forget();
        $taken = ['enqueued' => 1, 'coalesced' => 0, 'unchanged' => 0, 'parked' => 0, 'duplicate' => false, 'store' => 'GEN-1'];
        $this->server->answersWith(202, json_encode($taken + ['stale' => [], 'rejected' => []], JSON_THROW_ON_ERROR));
    }

    protected function tearDown(): void
    {
        $this->server->stop();
        parent::tearDown();
    }

    /** @test */
    public function aDeathBetweenAnyTwoStepsLosesNothing(): void
    {
        for ($statement = 1; $statement < self::STATEMENTS_MAX; $statement++) {
            if (!$this->diesAt($statement)) {
                break;
            }
            $this->setUp();
        }
        self::assertGreaterThan(20, $statement, 'there are many steps to die between');
        self::assertLessThan(self::STATEMENTS_MAX, $statement, 'and the drain came through at last');
    }

    /** @test */
    public function aDrainThatMeetsAnotherLeavesItAlone(): void
    {
        $id = $this->shop->product('A');
        $this->shop->goods($id, 7);
        $this->touch(Kind::Stock, [$id]);
        $met = [];
        $this->gateway->before = function () use (&$met): void {
            $met = $this->drainInAnotherProcess(0);
        };

        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame([0, 'busy'], $met);
        self::assertSame([], $this->server->requests());
        self::assertSame([0, 'drained'], $this->drainInAnotherProcess(0), 'the lock is free again');
    }

    /** One life: SKU A is renamed to B, a killed drain, B to C, another is deleted; then all is drained. */
    private function diesAt(int $statement): bool
    {
        $renamed = $this->shop->product('A');
        $deleted = $this->shop->product('GONE');
        $this->shop->goods($renamed, 7);
        $this->shop->goods($deleted, 5);
        $this->touch(Kind::Product, [$renamed, $deleted]);
        $this->drain();

        $this->shop->value($renamed, ShopRows::PRODUCTS, ShopRows::ARTICLE_OF_PRODUCT, 'B');
        $this->shop->sql("DELETE FROM b_iblock_element WHERE ID = $deleted");
        $this->touch(Kind::Product, [$renamed, $deleted]);
        [$signal, $report] = $this->drainInAnotherProcess($statement);

        $this->takeWhatTheServerGot();
        $this->shop->value($renamed, ShopRows::PRODUCTS, ShopRows::ARTICLE_OF_PRODUCT, 'C');
        $this->touch(Kind::Stock, [$renamed]);
        do {
            // The database lets a dead client's lock go as soon as it sees that it is gone.
            $ended = $this->drain();
        } while ($ended === DrainReport::Busy);
        self::assertSame(DrainReport::Drained, $ended, "killed at $statement");
        self::assertSame([], $this->rows('W'), "killed at $statement");
        $told = array_map($this->gateway->stock(...), ['A', 'C', 'GONE']);
        self::assertSame([0, 7, 0], $told, "killed at $statement");
        self::assertContains($this->gateway->stock('B'), [null, 0], "killed at $statement: B may be on sale");
        self::assertSame('deleted', $this->gateway->states["product $deleted"], "killed at $statement");
        self::assertContains([$signal, $report], [[9, ''], [0, 'drained']], "killed at $statement");

        return $signal === 9;
    }

    /** What came over HTTP is taken by the gateway in memory, in its order. */
    private function takeWhatTheServerGot(): void
    {
        foreach ($this->server->requests() as $request) {
            $isPacked = ($request['headers']['content-encoding'] ?? '') === 'gzip';
            $body = $isPacked ? (string)gzdecode($request['body']) : $request['body'];
            $this->gateway->postEvents(json_decode($body, true, 64, JSON_THROW_ON_ERROR)['events']);
        }
    }

    /** @return array{int, string} the signal that ended it and what it said */
    private function drainInAnotherProcess(int $dieAt): array
    {
        $environment = $this->site->environment() + [
            'ALIGATE_TEST_CONNECTION' => json_encode($this->connection(['gateway_url' => $this->server->url])->toArray()),
            'ALIGATE_TEST_DIE_AT' => (string)$dieAt,
        ] + getenv();
        $command = [PHP_BINARY, dirname(__DIR__, 2) . '/Fixtures/drain_process.php'];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes, null, $environment);
        self::assertIsResource($process);
        $report = (string)stream_get_contents($pipes[1]);
        self::assertSame('', (string)stream_get_contents($pipes[2]));
        array_map('fclose', $pipes);
        do {
            $status = proc_get_status($process);
        } while ($status['running']);
        proc_close($process);

        return [(int)$status['termsig'], $report];
    }
}
