<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Gateway;

use Aligate\Aliexpress\Gateway\Exception\GatewayException;
use Aligate\Aliexpress\Gateway\Exception\Recoverable;
use Aligate\Aliexpress\Gateway\Exception\Unrecoverable;
use Aligate\Aliexpress\Gateway\HttpGatewayClient;
use Aligate\Aliexpress\Gateway\RejectedEvent;
use Aligate\Aliexpress\Gateway\StaleEvent;
use Aligate\Aliexpress\Gateway\Transport;
use Aligate\Aliexpress\Signing\Signature;
use Aligate\Aliexpress\Tests\Fixtures\GatewayServer;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__, 2) . '/Fixtures/GatewayServer.php';

final class HttpGatewayClientTest extends TestCase
{
    private const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    private const NOW = 1795514400;
    private const ACCEPTED = '{"enqueued":2,"coalesced":1,"unchanged":3,"parked":4,"duplicate":false,'
        . '"store":"01JSTORE","stale":[{"index":1,"version":9223372036854775807}],'
        . '"rejected":[{"index":3,"code":"quantity_negative","detail":"меньше нуля"}],"later":"ignored"}';

    private static GatewayServer $server;

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
    }

    /** @test */
    public function eventsArePostedSignedAndTheAnswerIsRead(): void
    {
        self::$server->answersWith(202, self::ACCEPTED);
        $event = ['type' => 'stock.changed', 'version' => 1042, 'data' => ['sku' => 'Футболка/M', 'quantity' => 7]];
        $result = self::client()->postEvents([$event]);

        self::assertSame([2, 1, 3, 4], [$result->enqueued, $result->coalesced, $result->unchanged, $result->parked]);
        self::assertFalse($result->duplicate);
        self::assertSame('01JSTORE', $result->store);
        self::assertEquals([new StaleEvent(1, PHP_INT_MAX)], $result->stale);
        self::assertEquals([new RejectedEvent(3, 'quantity_negative', 'меньше нуля')], $result->rejected);

        [$request] = self::$server->requests();
        self::assertSame(['POST', '/v1/shops/main/events'], [$request['method'], $request['uri']]);
        $body = '{"events":[{"type":"stock.changed","version":1042,"data":{"sku":"Футболка/M","quantity":7}}]}';
        self::assertSame($body, $request['body']);
        self::assertSame('application/json', $request['headers']['content-type']);
        self::assertArrayNotHasKey('content-encoding', $request['headers']);
        self::assertArrayNotHasKey('expect', $request['headers']);
        self::assertSigned($request);
    }

    /** @test */
    public function aBodyAboveOneKibibyteIsCompressedAndSignedAsSent(): void
    {
        self::$server->answersWith(202, self::ACCEPTED);
        self::client()->postEvents([self::eventOfBody(1024)]);
        self::client()->postEvents([self::eventOfBody(1025)]);
        self::client()->postEvents([self::eventOfBody(1025)]);

        [$plain, $packed, $again] = self::$server->requests();
        self::assertArrayNotHasKey('content-encoding', $plain['headers']);
        self::assertSame(1024, strlen($plain['body']));
        self::assertSame('gzip', $packed['headers']['content-encoding']);
        self::assertSame('application/json', $packed['headers']['content-type']);
        self::assertSame(json_encode(['events' => [self::eventOfBody(1025)]]), gzdecode($packed['body']));
        self::assertSigned($packed);
        self::assertSame($packed['headers']['webhook-id'], $again['headers']['webhook-id']);
    }

    /** @test */
    public function aDuplicateIsAResult(): void
    {
        self::$server->answersWith(202, '{"enqueued":0,"coalesced":0,"unchanged":0,"parked":0,"duplicate":true,'
            . '"store":"01J","stale":[],"rejected":[]}');
        self::assertTrue(self::client()->postEvents([])->duplicate);
    }

    /** @test */
    public function anotherClientOfTheShopMayHaveAPathAndAnIdThatNeedsEscaping(): void
    {
        self::$server->answersWith(202, self::ACCEPTED);
        self::client(self::$server->url . '/aligate/', 'a/b')->postEvents([]);
        self::assertSame('/aligate/v1/shops/a%2Fb/events', self::$server->requests()[0]['uri']);
    }

    /** @return iterable<string, array{int, string}> */
    public function refusals(): iterable
    {
        yield '400' => [400, 'body_unreadable'];
        yield '401' => [401, 'unauthorized'];
        yield '401 by the clock' => [401, 'clock_skew'];
        yield '404' => [404, 'not_found'];
        yield '409' => [409, 'webhook_id_reused'];
        yield '413' => [413, 'too_many_events'];
        yield '415' => [415, 'not_json'];
        yield '418' => [418, 'teapot'];
    }

    /**
     * @test
     * @dataProvider refusals
     */
    public function aRefusalIsUnrecoverableAndSaysWhy(int $status, string $code): void
    {
        self::$server->answersWith($status, self::problem($code), ['Content-Type' => 'application/problem+json']);
        $error = self::refused(Unrecoverable::class);
        self::assertSame([$status, $code], [$error->status, $error->problemCode]);
        self::assertStringContainsString('what was wrong', $error->getMessage());
    }

    /** @test */
    public function whereNothingIsAcceptableTheRejectedEventsAreNamed(): void
    {
        $rejected = [['index' => 0, 'code' => 'type_unknown', 'detail' => 'no such type']];
        self::$server->answersWith(422, self::problem('nothing_acceptable', ['rejected' => $rejected]));
        $error = self::refused(Unrecoverable::class);
        self::assertSame([422, 'nothing_acceptable'], [$error->status, $error->problemCode]);
        self::assertEquals([new RejectedEvent(0, 'type_unknown', 'no such type')], $error->rejected);
    }

    /** @test */
    public function aRefusalWithoutAProblemHasTheStatusForACode(): void
    {
        foreach (['<html>', '', '[]', '{"code":7}', '"text"'] as $body) {
            self::$server->answersWith(403, $body);
            self::assertSame('http_403', self::refused(Unrecoverable::class)->problemCode);
        }
    }

    /** @return iterable<string, array{int, array<string, string>, int|null}> */
    public function pauses(): iterable
    {
        $date = static fn (int $at): string => gmdate('D, d M Y H:i:s', $at) . ' GMT';
        yield '429 in seconds' => [429, ['Retry-After' => '7'], 7];
        yield '503 in seconds' => [503, ['Retry-After' => '2'], 2];
        yield '429 until a date by the gateway\'s clock' =>
            [429, ['Date' => $date(self::NOW - 500), 'Retry-After' => $date(self::NOW - 410)], 90];
        yield '503 until a date' => [503, ['Date' => $date(self::NOW), 'Retry-After' => $date(self::NOW + 30)], 30];
        yield '503 until a date that is past' =>
            [503, ['Date' => $date(self::NOW), 'Retry-After' => $date(self::NOW - 30)], 0];
        yield '503 for longer than is believed' => [503, ['Retry-After' => '999999999'], 86400];
        yield '503 without' => [503, [], null];
        yield '503 with nonsense' => [503, ['Retry-After' => 'soon'], null];
        yield '500' => [500, [], null];
        yield '502' => [502, [], null];
        yield '408' => [408, [], null];
    }

    /**
     * @test
     * @dataProvider pauses
     * @param array<string, string> $headers
     */
    public function whatPassesIsRecoverableAndSaysHowLongToWait(int $status, array $headers, ?int $seconds): void
    {
        self::$server->answersWith($status, self::problem('later'), $headers);
        $error = self::refused(Recoverable::class);
        self::assertSame([$status, 'later'], [$error->status, $error->problemCode]);
        self::assertSame($seconds, $error->retryAfterSeconds);
    }

    /** @return iterable<string, array{string}> */
    public function garbage(): iterable
    {
        yield 'nothing' => [''];
        yield 'half of it' => [substr(self::ACCEPTED, 0, 60)];
        yield 'a page' => ['<html>'];
        yield 'null' => ['null'];
        yield 'a list' => ['[]'];
        yield 'a count as text' => [str_replace('"enqueued":2', '"enqueued":"2"', self::ACCEPTED)];
        yield 'a negative count' => [str_replace('"enqueued":2', '"enqueued":-2', self::ACCEPTED)];
        yield 'no store' => [str_replace('"store"', '"shop"', self::ACCEPTED)];
        yield 'a version too large' => [str_replace('9223372036854775807', '9223372036854775808', self::ACCEPTED)];
        yield 'a stale number' => [str_replace('{"index":1,"version":9223372036854775807}', '1', self::ACCEPTED)];
    }

    /**
     * @test
     * @dataProvider garbage
     */
    public function anAcceptanceThatCannotBeReadIsRecoverable(string $body): void
    {
        self::$server->answersWith(202, $body);
        self::assertSame('answer_unreadable', self::refused(Recoverable::class)->problemCode);
    }

    /** @test */
    public function aHugeAnswerIsBrokenOffWhileItIsReceived(): void
    {
        self::$server->answersWithoutEnd(202, str_repeat(' ', 65536), 0);
        $before = memory_get_peak_usage();
        $error = self::refused(Recoverable::class);
        self::assertSame('answer_unreadable', $error->problemCode);
        self::assertStringContainsString('larger than 1048576 bytes', $error->getMessage());
        self::assertLessThan(8 * 1048576, memory_get_peak_usage() - $before);

        self::$server->answersWithoutEnd(400, str_repeat(' ', 65536), 0);
        self::assertSame('http_400', self::refused(Unrecoverable::class)->problemCode);
    }

    /** @test */
    public function anAnswerOfExactlyTheLimitIsRead(): void
    {
        self::$server->answersWith(202, str_pad(self::ACCEPTED, 1048576));
        self::assertSame(2, self::client()->postEvents([])->enqueued);
        self::$server->answersWith(202, str_pad(self::ACCEPTED, 1048577));
        self::assertSame('answer_unreadable', self::refused(Recoverable::class)->problemCode);
    }

    /** @test */
    public function aServerThatNeverAnswersIsLeftAtTheDeadline(): void
    {
        $silent = stream_socket_server('tcp://127.0.0.1:0');
        $started = microtime(true);
        $error = self::refused(Recoverable::class, 'http://' . stream_socket_get_name($silent, false), 300);
        self::assertSame(['timeout', 0], [$error->problemCode, $error->status]);
        self::assertLessThan(5.0, microtime(true) - $started);
        fclose($silent);
    }

    /** @test */
    public function aServerThatAnswersInDropsIsLeftAtTheDeadline(): void
    {
        self::$server->answersWithoutEnd(202, ' ', 20000);
        $started = microtime(true);
        $error = self::refused(Recoverable::class, timeoutMs: 300);
        self::assertSame(['timeout', 202], [$error->problemCode, $error->status], 'the drops arrived');
        self::assertLessThan(5.0, microtime(true) - $started);
    }

    /** @test */
    public function aRedirectIsNotFollowed(): void
    {
        self::$server->answersWith(307, '', ['Location' => self::$server->url . '/elsewhere']);
        $error = self::refused(Unrecoverable::class);
        self::assertSame([307, 'http_307'], [$error->status, $error->problemCode]);
        self::assertCount(1, self::$server->requests());
    }

    /** @test */
    public function aRefusedConnectionIsRecoverable(): void
    {
        $closed = stream_socket_server('tcp://127.0.0.1:0');
        $url = 'http://' . stream_socket_get_name($closed, false);
        fclose($closed);
        $error = self::refused(Recoverable::class, $url);
        self::assertSame(['network', 0, null], [$error->problemCode, $error->status, $error->retryAfterSeconds]);
    }

    /** @test */
    public function aClientServesRequestAfterRequestWhateverCameBefore(): void
    {
        $client = self::client();
        foreach ([503, 202, 400, 202] as $status) {
            self::$server->answersWith($status, $status === 202 ? self::ACCEPTED : self::problem('no'));
            try {
                self::assertSame(2, $client->postEvents([])->enqueued);
                self::assertSame(202, $status);
            } catch (GatewayException $error) {
                self::assertSame($status, $error->status);
            }
        }
    }

    /** @test */
    public function eventsThatAreNoTextAreRefusedBeforeAnythingIsSent(): void
    {
        try {
            self::client()->postEvents([['name' => "\xff"]]);
            self::fail('they were sent');
        } catch (Unrecoverable $error) {
            self::assertSame('events_unencodable', $error->problemCode);
        }
        self::assertSame([], self::$server->requests());
    }

    /** @test */
    public function settingsThatCannotWorkAreRefusedAtOnce(): void
    {
        $refused = 0;
        $urls = [' ', 'gateway', 'ftp://gateway', 'file:///etc/passwd', 'http://', 'http://a/?x', "http://a\n"];
        foreach ($urls as $url) {
            try {
                self::client($url);
            } catch (\InvalidArgumentException) {
                ++$refused;
            }
        }
        self::assertSame(7, $refused);
        $this->expectException(\InvalidArgumentException::class);
        self::client(timeoutMs: 0);
    }

    /** @test */
    public function theSecretIsNotShown(): void
    {
        $shown = print_r(self::client(), true);
        self::assertStringNotContainsString((string)base64_decode(substr(self::SECRET, 6), true), $shown);
    }

    private static function client(string $url = '', string $shop = 'main', int $timeoutMs = 15000): HttpGatewayClient
    {
        $now = static fn (): int => self::NOW;
        $signature = new Signature([self::SECRET]);

        $url = $url === '' ? self::$server->url : $url;

        return new HttpGatewayClient(new Transport($url, $shop, $signature, 3000, $timeoutMs, $now));
    }

    /**
     * @template T of GatewayException
     * @param class-string<T> $class
     * @return T
     */
    private static function refused(string $class, string $url = '', int $timeoutMs = 15000): GatewayException
    {
        try {
            self::client($url, 'main', $timeoutMs)->postEvents([]);
        } catch (GatewayException $error) {
            self::assertInstanceOf($class, $error);

            return $error;
        }
        self::fail('it was taken');
    }

    /** @param array{headers: array<string, string>, body: string} $request */
    private static function assertSigned(array $request): void
    {
        $headers = $request['headers'];
        self::assertSame(hash('sha256', $request['body']), $headers['webhook-id']);
        self::assertSame((string)self::NOW, $headers['webhook-timestamp']);
        self::assertTrue((new Signature([self::SECRET]))->verify(
            $headers['webhook-id'],
            $headers['webhook-timestamp'],
            $request['body'],
            $headers['webhook-signature'],
            self::NOW,
        ));
    }

    /** @return array<string, string> an event that makes a body of so many bytes */
    private static function eventOfBody(int $bytes): array
    {
        $frame = strlen('{"events":[{"fill":""}]}');

        return ['fill' => str_repeat('x', $bytes - $frame)];
    }

    /** @param array<string, mixed> $more */
    private static function problem(string $code, array $more = []): string
    {
        $problem = ['type' => "urn:aligate:problem:$code", 'detail' => 'what was wrong', 'code' => $code];

        return json_encode($problem + $more, JSON_THROW_ON_ERROR);
    }
}
