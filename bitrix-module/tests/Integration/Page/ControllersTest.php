<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Page;

use Aligate\Aliexpress\Controller\Event;
use Aligate\Aliexpress\Controller\Export;
use Aligate\Aliexpress\Controller\Gateway;
use Aligate\Aliexpress\Signing\Signature;
use Aligate\Aliexpress\Tests\FakeKernel\Ajax;
use Aligate\Aliexpress\Tests\FakeKernel\Shop;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;
use Bitrix\Main\HttpResponse;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';

/** The module's controllers as the kernel calls them: who is let in, and what comes back. */
final class ControllersTest extends InstalledModuleTestCase
{
    private Shop $shop;

    protected function setUp(): void
    {
        parent::setUp();
        $this->shop = new Shop();
        $this->shop->product('Shirt');
        $this->connect(['id' => 1, 'iblock_ids' => [$this->shop->products]]);
    }

    /** @test */
    public function theGatewayNeedsNoUserNoSessionAndNoTokenButItsSignature(): void
    {
        $body = json_encode(['type' => 'notice', 'version' => 1, 'data' => ['code' => 'x', 'detail' => 'y']], JSON_THROW_ON_ERROR);
        $headers = static fn (string $secret): array => [
            'webhook-id' => 'a',
            'webhook-timestamp' => (string)time(),
            'webhook-signature' => (new Signature([$secret]))->sign('a', time(), $body),
            'content-type' => 'application/json',
        ];
        $call = static fn (array $query, string $secret): HttpResponse => Ajax::call(Event::class, 'take', $query, [], $body, $headers($secret), 'POST', null);

        $taken = $call(['connection' => '1'], self::SECRET);
        self::assertSame([200, ['taken' => true]], [$this->status($taken), $this->json($taken)]);
        $stranger = $call(['connection' => '1'], 'whsec_' . base64_encode(str_repeat('x', 32)));
        self::assertSame([401, 'unauthorized'], [$this->status($stranger), $this->json($stranger)['code']]);
        $nobody = $call(['connection' => '7'], self::SECRET);
        self::assertSame($this->json($stranger), $this->json($nobody));
    }

    /** @test */
    public function aPersonExportsStepByStep(): void
    {
        $started = $this->export('start', 1);
        self::assertSame(['success', 'running', 1], [$started['status'], $started['data']['progress']['state'], $started['data']['progress']['total']]);
        $this->export('step', 1);
        $done = $this->export('step', 1);
        self::assertSame(['done', 1], [$done['data']['progress']['state'], $done['data']['progress']['done']]);
        $unknown = $this->export('state', 9);
        self::assertSame(['error', 'connection_unknown'], [$unknown['status'], $unknown['errors'][0]['code']]);
    }

    /** @test */
    public function nobodyWithoutASessionsTokenIsLetIn(): void
    {
        $answer = Ajax::call(Export::class, 'start', [], ['connection' => '1']);
        self::assertNotSame('success', $this->json($answer)['status']);
        $answer = Ajax::call(Export::class, 'start', [], ['connection' => '1', 'sessid' => bitrix_sessid()], user: null);
        self::assertNotSame('success', $this->json($answer)['status']);
        self::assertNull((new \Aligate\Aliexpress\Outbox\StateRepository(\Bitrix\Main\Application::getConnection()))->get(1, 'export'));
    }

    /** @test */
    public function aGatewayThatIsAwayIsAnErrorThatThePageShows(): void
    {
        $answer = $this->json(Ajax::call(Gateway::class, 'status', [], ['connection' => '1', 'sessid' => bitrix_sessid()]));
        self::assertSame(['error', 'network'], [$answer['status'], $answer['errors'][0]['code']]);
        self::assertStringNotContainsString('whsec_', json_encode($answer, JSON_THROW_ON_ERROR));
    }

    /** @return array<string, mixed> */
    private function export(string $action, int $connection): array
    {
        return $this->json(Ajax::call(Export::class, $action, [], ['connection' => (string)$connection, 'sessid' => bitrix_sessid()]));
    }

    /** @return array<string, mixed> */
    private function json(HttpResponse $response): array
    {
        return json_decode($response->getContent(), true, 16, JSON_THROW_ON_ERROR);
    }

    private function status(HttpResponse $response): int
    {
        return (int)$response->getStatus() ?: 200;
    }
}
