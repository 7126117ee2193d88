<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Sending;

use Aligate\Aliexpress\Agent\CleanOutboxAgent;
use Aligate\Aliexpress\Agent\SendOutboxAgent;
use Aligate\Aliexpress\Agent\SweepAgent;
use Aligate\Aliexpress\Console\SendOutboxCommand;
use Aligate\Aliexpress\Export\Exporter;
use Aligate\Aliexpress\Export\ProductList;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Sending\AfterHit;
use Aligate\Aliexpress\Sending\StateRequest;
use Aligate\Aliexpress\Tests\Fixtures\GatewayServer;
use Bitrix\Main\Application;
use Bitrix\Main\Loader;
use Bitrix\Main\ModuleManager;

require_once __DIR__ . '/SendingTestCase.php';
require_once dirname(__DIR__, 2) . '/Fixtures/GatewayServer.php';

/** Agents, the console, the end of a hit, and what the gateway asks for. */
final class EdgesTest extends SendingTestCase
{
    private ?GatewayServer $server = null;
    private int $id;

    protected function setUp(): void
    {
        parent::setUp();
        $this->id = $this->shop->product('A');
        $this->shop->goods($this->id, 7);
    }

    protected function tearDown(): void
    {
        ini_restore('error_log');
        $this->server?->stop();
        parent::tearDown();
    }

    /**
     * @test
     * @dataProvider agents
     */
    public function anAgentAnswersWithItsOwnCallWhateverHappens(string $class): void
    {
        self::assertSame("\\$class::run();", $class::run(), 'nothing to do');
        $this->serve();
        $this->touch(Kind::Stock, [$this->id]);
        self::assertSame("\\$class::run();", $class::run());
        ini_set('error_log', '/dev/null');
        $this->shop->sql('DROP TABLE b_aligate_aliexpress_outbox, b_aligate_aliexpress_log, b_aligate_aliexpress_state');
        self::assertSame("\\$class::run();", $class::run(), 'without its tables');
    }

    /** @return array<string, array{class-string}> */
    public static function agents(): array
    {
        return ['send' => [SendOutboxAgent::class], 'sweep' => [SweepAgent::class], 'clean' => [CleanOutboxAgent::class]];
    }

    /** @test */
    public function anAgentThatFailsSaysSoInTheLogWithoutTheShopsData(): void
    {
        $this->serve();
        ini_set('error_log', '/dev/null');
        $this->shop->sql('DROP TABLE b_aligate_aliexpress_outbox');
        SendOutboxAgent::run();
        $line = $this->senders()->journal->page(0, null, 1)[0];
        self::assertSame('agent_send_failed', $line->code);
        self::assertStringNotContainsString('SELECT', $line->detail);
    }

    /** @test */
    public function theSendingAgentSendsWhatWaits(): void
    {
        $this->serve();
        $this->touch(Kind::Stock, [$this->id]);
        SendOutboxAgent::run();
        self::assertSame(["S {$this->id} A"], $this->rows());
    }

    /** @test */
    public function theCleaningAgentDeletesWhatWasAcknowledgedAQuarterOfAnHourAgo(): void
    {
        $this->serve();
        $this->touch(Kind::Stock, [$this->id, $this->id]);
        SendOutboxAgent::run();
        $this->shop->sql('UPDATE b_aligate_aliexpress_outbox SET ACKED_AT = ACKED_AT - INTERVAL 901 SECOND LIMIT 1');
        CleanOutboxAgent::run();
        self::assertSame(["S {$this->id} A"], $this->rows());
    }

    /** @test */
    public function theSweepingAgentFindsAndTheNextSends(): void
    {
        $this->serve();
        SweepAgent::run();
        self::assertNotSame([], $this->rows('W'));
        SendOutboxAgent::run();
        self::assertSame([], $this->rows('W'));
    }

    /** @test */
    public function theConsoleSendsAndSaysHowItEnded(): void
    {
        $this->serve();
        $this->touch(Kind::Stock, [$this->id]);
        self::assertSame([0, "connection 1: drained\n", ''], $this->console(['--', '--seconds=5', '--sweep']));
        self::assertSame([], $this->rows('W'));
        $this->touch(Kind::Stock, [$this->id]);
        $this->server?->answersWith(503, '{}');
        self::assertSame([1, "connection 1: failed\n", ''], $this->console([]));
        self::assertSame([2, '', "--fast is not understood; see --help\n"], $this->console(['--fast']));
        self::assertStringContainsString('--seconds=N', $this->console(['--help'])[1]);
    }

    /** @test */
    public function theScriptForCronSendsInAProcessOfItsOwn(): void
    {
        $this->serve();
        $this->touch(Kind::Stock, [$this->id]);
        self::assertSame([0, "connection 1: drained\n", ''], $this->script(['--seconds=5']));
        self::assertSame(["S {$this->id} A"], $this->rows());
        self::assertSame(2, $this->script(['--fast'])[0]);

        ModuleManager::unRegisterModule('aligate.aliexpress');
        self::assertSame([1, '', "the module aligate.aliexpress is not installed\n"], $this->script([]));
    }

    /** @test */
    public function aHitSendsWhatItChangedOnceItsAnswerHasLeft(): void
    {
        $this->serve();
        $this->touch(Kind::Stock, [$this->id]);
        AfterHit::schedule(fn () => $this->senders());
        AfterHit::schedule(fn () => $this->senders());
        self::assertSame(["S {$this->id} W"], $this->rows(), 'not before');
        Application::getInstance()->terminate();
        self::assertSame(["S {$this->id} A"], $this->rows());
        self::assertCount(1, $this->server?->requests() ?? []);
    }

    /** @test */
    public function aShopThatDoesNotWantItSendsByItsAgentsAlone(): void
    {
        $this->serve();
        \Bitrix\Main\Config\Option::set('aligate.aliexpress', 'drain_after_hit', 'N');
        $this->touch(Kind::Stock, [$this->id]);
        AfterHit::schedule(fn () => $this->senders());
        Application::getInstance()->terminate();
        self::assertSame(["S {$this->id} W"], $this->rows());
    }

    /** @test */
    public function whatTheGatewayAsksForIsMarkedWithForce(): void
    {
        $this->touch(Kind::Product, [$this->id]);
        $this->drain();
        $this->gateway->told();

        self::assertSame(1, $this->request()->mark($this->connection(), ['skus' => ['A', 'UNKNOWN']]));
        $this->drain();
        self::assertSame(['price.changed! A 100.00', 'stock.changed! A 7'], $this->gateway->told());

        self::assertSame(1, $this->request()->mark($this->connection(), ['product_ids' => [(string)$this->id]]));
        $this->drain();
        self::assertSame(['price.changed! A 100.00', "product.changed! {$this->id}", 'stock.changed! A 7'], $this->gateway->told());

        self::assertSame(1, $this->request()->mark($this->connection(), ['all' => true]));
    }

    /**
     * @test
     * @dataProvider unreadableRequests
     * @param array<string, mixed> $data
     */
    public function aRequestThatCannotBeReadIsRefused(array $data): void
    {
        $this->expectException(\InvalidArgumentException::class);
        $this->request()->mark($this->connection(), $data);
    }

    /** @return list<array{array<string, mixed>}> */
    public static function unreadableRequests(): array
    {
        return [[[]], [['skus' => 'A']], [['skus' => [1]]], [['product_ids' => ['1; DROP']]], [['skus' => array_fill(0, 10001, 'A')]]];
    }

    private function request(): StateRequest
    {
        $senders = $this->senders();
        $exporter = new Exporter($senders->states, $senders->outbox, new ProductList(Application::getConnection()), time(...));

        return new StateRequest($senders->outbox, $senders->sent, $exporter);
    }

    /** A gateway that takes everything, and a connection to it in the settings. */
    private function serve(): void
    {
        $this->server ??= new GatewayServer();
        $taken = ['enqueued' => 1, 'coalesced' => 0, 'unchanged' => 0, 'parked' => 0, 'duplicate' => false, 'store' => 'GEN-1'];
        $this->server->answersWith(202, json_encode($taken + ['stale' => [], 'rejected' => []], JSON_THROW_ON_ERROR));
        ModuleManager::registerModule('aligate.aliexpress');
        self::assertTrue(Loader::includeModule('aligate.aliexpress'));
        (new ModuleOptions())->saveConnections([$this->connection(['gateway_url' => $this->server->url])]);
    }

    /**
     * `tools/send.php` by the path that a shop's cron calls.
     *
     * @param list<string> $arguments
     * @return array{int, string, string}
     */
    private function script(array $arguments): array
    {
        $script = $this->site->root() . '/local/modules/aligate.aliexpress/tools/send.php';
        $command = [PHP_BINARY, $script, '--', ...$arguments];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes, null, $this->site->environment() + getenv());
        self::assertIsResource($process);
        [$out, $err] = [(string)stream_get_contents($pipes[1]), (string)stream_get_contents($pipes[2])];
        array_map('fclose', $pipes);

        return [proc_close($process), $out, $err];
    }

    /**
     * @param list<string> $arguments
     * @return array{int, string, string}
     */
    private function console(array $arguments): array
    {
        [$out, $err] = [fopen('php://memory', 'w+'), fopen('php://memory', 'w+')];
        $code = (new SendOutboxCommand($out, $err))->run($arguments);

        return [$code, (string)stream_get_contents($out, -1, 0), (string)stream_get_contents($err, -1, 0)];
    }
}
