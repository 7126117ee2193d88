<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Order;

use Aligate\Aliexpress\Inbound\Answer;
use Aligate\Aliexpress\Inbound\Endpoint;
use Aligate\Aliexpress\Signing\Signature;
use Bitrix\Main\Application;

require_once __DIR__ . '/OrderImportTestCase.php';

/** What the gateway may say to the shop, and how the shop answers. */
final class EndpointTest extends OrderImportTestCase
{
    /** @test */
    public function onlyTheGatewayOfTheConnectionIsHeard(): void
    {
        $endpoint = $this->service('endpoint', Endpoint::class);
        $body = json_encode(['type' => 'notice', 'version' => 1, 'data' => ['code' => 'x']], JSON_THROW_ON_ERROR);
        $now = time();
        $signed = static fn (string $secret, int $at): array => ['id' => 'a', 'timestamp' => (string)$at,
            'signature' => (new Signature([$secret]))->sign('a', $at, $body)];
        $other = 'whsec_' . base64_encode(str_repeat('x', 32));

        $codes = static fn (Answer $answer): array => [$answer->status, $answer->body['code'] ?? ''];
        self::assertSame([200, ''], $codes($endpoint->take($this->connection, $signed(self::SECRET, $now), $body)));
        $unknown = $endpoint->take(null, $signed(self::SECRET, $now), $body);
        $wrong = $endpoint->take($this->connection, $signed($other, $now), $body);
        self::assertEquals($unknown, $wrong, 'one indistinguishable answer');
        self::assertSame([401, 'unauthorized'], $codes($wrong));
        self::assertSame([401, 'unauthorized'], $codes($endpoint->take($this->connection, $signed(self::SECRET, $now), "$body ")));
        self::assertSame([401, 'clock_skew'], $codes($endpoint->take($this->connection, $signed(self::SECRET, $now - 400), $body)));
    }

    /**
     * @test
     * @dataProvider refusals
     * @param array<string, mixed> $more
     */
    public function whatCanNeverBeTakenIsRefusedForGood(array $more, string $code): void
    {
        $answer = $this->post(self::order($more), 1);
        self::assertSame([422, $code], [$answer->status, $answer->body['code']], (string)$answer->body['detail']);
        self::assertSame(0, $this->orders());
    }

    /** @return array<string, array{array<string, mixed>, string}> */
    public static function refusals(): array
    {
        return [
            'no order id' => [['aliexpress_order_id' => ''], 'order_id_invalid'],
            'no lines' => [['lines' => []], 'lines_invalid'],
            'a quantity of nothing' => [['lines' => [self::line('1', 'A', 0, '1')]], 'quantity_invalid'],
            'a negative price' => [['lines' => [self::line('1', 'A', 1, '-1')]], 'price_invalid'],
            'a line twice' => [['lines' => [self::line('1', 'A', 1, '1'), self::line('1', 'B', 1, '1')]], 'line_id_invalid'],
            'no currency' => [['currency' => 'roubles'], 'currency_invalid'],
            'a time that is none' => [['created_at' => 'yesterday or so'], 'created_at_invalid'],
        ];
    }

    /** @test */
    public function noticesAndVerdictsBecomeLinesOfTheLog(): void
    {
        self::assertSame(200, $this->post(['code' => 'dead_letters', 'severity' => 'error', 'detail' => 'price too low', 'count' => 3], 1, 'notice')->status);
        $reason = ['code' => 'audit_refused', 'field' => null, 'ru' => 'a mark on the picture', 'en' => 'a mark on the picture'];
        $verdict = ['product_id' => '17', 'aliexpress_product_id' => '1005', 'state' => 'refused', 'reasons' => [$reason], 'market' => 'kz'];
        self::assertSame(200, $this->post($verdict, 2, 'listing.state_changed')->status);
        self::assertSame(['dead_letters', 'listing_state'], $this->logged());
        $line = Application::getConnection()->query("SELECT DETAIL FROM b_aligate_aliexpress_log WHERE CODE = 'listing_state'")->fetch();
        self::assertSame('product 17 (1005), market kz: refused: a mark on the picture', $line['DETAIL']);
        self::assertSame(422, $this->post([], 3, 'notice')->status);
        self::assertSame(422, $this->post([], 3, 'something.new')->status);
    }

    /** @test */
    public function theGatewayMayAskForTheShopsTruth(): void
    {
        $answer = $this->post(['product_ids' => [(string)$this->shirt]], 1, 'state.requested');
        self::assertSame([200, 1], [$answer->status, $answer->body['marked']]);
        self::assertContains("1 P {$this->shirt} sweep", $this->waiting());
        self::assertSame(422, $this->post(['skus' => 'all of them'], 2, 'state.requested')->status);
    }

    /** @test */
    public function whatIsNoEventIsUnreadable(): void
    {
        $body = '[1, 2';
        $now = time();
        $headers = ['id' => 'a', 'timestamp' => (string)$now, 'signature' => (new Signature([self::SECRET]))->sign('a', $now, $body)];
        self::assertSame(400, $this->service('endpoint', Endpoint::class)->take($this->connection, $headers, $body)->status);
    }
}
