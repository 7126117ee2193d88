<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Gateway;

use Aligate\Aliexpress\Gateway\Exception\Recoverable;
use Aligate\Aliexpress\Gateway\Exception\Unrecoverable;
use Aligate\Aliexpress\Gateway\ShopApi;
use Aligate\Aliexpress\Gateway\Transport;
use Aligate\Aliexpress\Signing\Signature;
use Aligate\Aliexpress\Tests\Fixtures\GatewayServer;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__, 2) . '/Fixtures/GatewayServer.php';

final class ShopApiTest extends TestCase
{
    private const NOW = 1764000000;

    private static GatewayServer $server;
    private Signature $signature;
    private ShopApi $api;

    public static function setUpBeforeClass(): void
    {
        self::$server = new GatewayServer();
    }

    public static function tearDownAfterClass(): void
    {
        self::$server->stop();
    }

    protected function setUp(): void
    {
        self::$server->forget();
        $this->signature = new Signature(['whsec_' . base64_encode(str_repeat('k', 32))]);
        $this->api = new ShopApi(new Transport(self::$server->url, 'main', $this->signature, now: static fn (): int => self::NOW));
    }

    /**
     * @dataProvider calls
     * @param \Closure(ShopApi): array $call
     */
    public function testEachCallIsOneSignedRequest(\Closure $call, string $line, string $body): void
    {
        self::$server->answersWith(200, '{"answer":1}');

        self::assertSame(['answer' => 1], $call($this->api));

        [$request] = self::$server->requests();
        self::assertSame($line, "{$request['method']} {$request['uri']}");
        self::assertSame($body, $request['body']);
        $signed = "$line\n$body";
        ['webhook-id' => $id, 'webhook-timestamp' => $at, 'webhook-signature' => $header] = $request['headers'];
        self::assertTrue($this->signature->verify($id, $at, $signed, $header, self::NOW));
    }

    /** @return array<string, array{\Closure(ShopApi): array, string, string}> */
    public static function calls(): array
    {
        $root = '/v1/shops/main';

        return [
            'status' => [static fn (ShopApi $api) => $api->status(), "GET $root/status", ''],
            'dead letters' => [
                static fn (ShopApi $api) => $api->deadLetters('stock', 'stock/a b', 20),
                "GET $root/dead-letters?lane=stock&cursor=stock%2Fa%20b&limit=20",
                '',
            ],
            'redrive of some' => [
                static fn (ShopApi $api) => $api->redrive(['A', 'B'], 'stock'),
                "POST $root/dead-letters/redrive",
                '{"keys":["A","B"],"lane":"stock"}',
            ],
            'redrive of all' => [
                static fn (ShopApi $api) => $api->redrive(),
                "POST $root/dead-letters/redrive",
                '{"all":true}',
            ],
            'replay' => [
                static fn (ShopApi $api) => $api->replay(null, '2026-11-23T10:00:00Z', true),
                "POST $root/replay",
                '{"since":"2026-11-23T10:00:00Z","dry_run":true}',
            ],
            'trace' => [
                static fn (ShopApi $api) => $api->trace('Ж/1 & 2'),
                "GET $root/trace?sku=%D0%96%2F1%20%26%202",
                '',
            ],
            'guard' => [static fn (ShopApi $api) => $api->decideGuard(false), "POST $root/guard/discard", ''],
            'an empty mapping is an object' => [
                static fn (ShopApi $api) => $api->putMapping([], 3),
                "PUT $root/mapping",
                '{"version":3,"mapping":{}}',
            ],
            'categories by words' => [
                static fn (ShopApi $api) => $api->searchCategories('frying pans'),
                "GET $root/categories?search=frying%20pans",
                '',
            ],
            'categories by ids' => [
                static fn (ShopApi $api) => $api->categoriesOf([348, 15]),
                "GET $root/categories?ids=348%2C15",
                '',
            ],
            'a schema' => [static fn (ShopApi $api) => $api->schema(348), "GET $root/categories/348/schema", ''],
            'a check of what is kept' => [static fn (ShopApi $api) => $api->checkMapping(), "POST $root/mapping/check", '{}'],
            'a check of what is not kept' => [
                static fn (ShopApi $api) => $api->checkMapping(['language' => 'ru']),
                "POST $root/mapping/check",
                '{"mapping":{"language":"ru"}}',
            ],
            'suggestions' => [
                static fn (ShopApi $api) => $api->mappingSuggestions('7', 348),
                "GET $root/mapping/suggestions?section=7&category=348",
                '',
            ],
            'listings' => [
                static fn (ShopApi $api) => $api->listings('refused', null, null, 50),
                "GET $root/listings?state=refused&limit=50",
                '',
            ],
            'categories' => [
                static fn (ShopApi $api) => $api->categories('200'),
                "GET $root/categories?parent=200",
                '',
            ],
        ];
    }

    public function testEachRequestHasItsOwnId(): void
    {
        self::$server->answersWith(200, '{}');
        $this->api->status();
        $this->api->status();
        $ids = array_column(array_column(self::$server->requests(), 'headers'), 'webhook-id');

        self::assertCount(2, array_unique($ids));
    }

    public function testWhatTheGatewayDoesNotOfferYetIsUnrecoverable(): void
    {
        self::$server->answersWith(404, '{"type":"about:blank","code":"not_found","detail":"no such route"}');
        try {
            $this->api->mapping();
            self::fail('a 404 was taken for an answer');
        } catch (Unrecoverable $error) {
            self::assertSame(404, $error->status);
        }
    }

    public function testAnAnswerThatIsNoJsonMayBeAskedForAgain(): void
    {
        self::$server->answersWith(200, '<html>a proxy\'s page</html>');
        $this->expectException(Recoverable::class);
        $this->api->status();
    }

    public function testAMappingMayBeLargerThanOtherAnswers(): void
    {
        self::$server->answersWith(200, json_encode(['version' => 1, 'mapping' => ['text' => str_repeat('x', 2 << 20)]], JSON_THROW_ON_ERROR));
        self::assertSame(1, $this->api->mapping()['version']);
        $this->expectException(Recoverable::class);
        $this->api->status();
    }

    public function testEveryFaultOfAMappingIsRead(): void
    {
        self::$server->answersWith(422, '{"code":"mapping_invalid","detail":"2 faults","faults":['
            . '{"path":"language","code":"language_unknown","ru":"нет","en":"no"},{"path":"title","code":"template_empty","ru":"пуст","en":"empty"}]}');
        try {
            $this->api->putMapping([], 0);
            self::fail('a 422 was taken for an answer');
        } catch (Unrecoverable $error) {
            self::assertSame(['language', 'title'], array_column($error->faults, 'path'));
            self::assertSame(['нет', 'empty'], [$error->faults[0]->russian, $error->faults[1]->english]);
        }
    }

    public function testAwayMeansLater(): void
    {
        self::$server->answersWith(503, '', ['Retry-After' => '7']);
        try {
            $this->api->status();
            self::fail('a 503 was taken for an answer');
        } catch (Recoverable $error) {
            self::assertSame(7, $error->retryAfterSeconds);
        }
    }
}
