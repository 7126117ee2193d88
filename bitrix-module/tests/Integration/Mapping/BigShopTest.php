<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Mapping;

use Aligate\Aliexpress\Controller\Mapping;
use Aligate\Aliexpress\Tests\FakeKernel\Ajax;
use Aligate\Aliexpress\Tests\Fixtures\GatewayServer;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;
use Bitrix\Main\Application;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';
require_once dirname(__DIR__, 2) . '/Fixtures/GatewayServer.php';
require_once __DIR__ . '/BigShop.php';

/**
 * The pages with 3 000 sections, 500 properties, 50 000 values and 50 000 products: what a page gets is small, what it costs is
 * a handful of queries and one question to the gateway. Seconds are printed by `benches/mapping.php`.
 */
final class BigShopTest extends InstalledModuleTestCase
{
    private const ANSWER_BYTES_MAX = 20000;
    private const QUERIES_MAX = 12;

    private GatewayServer $gateway;
    private BigShop $shop;

    protected function setUp(): void
    {
        parent::setUp();
        $this->gateway = new GatewayServer();
        $this->gateway->answersWith(404, '{"code":"not_found","detail":"no such route"}');
        $this->gateway->answersPath('/mapping', 200, json_encode(BigShop::mapping(), JSON_THROW_ON_ERROR));
        $this->gateway->answersPath('/schema', 200, json_encode(BigShop::schema(), JSON_THROW_ON_ERROR));
        $this->shop = new BigShop();
        $this->connect(['id' => 1, 'iblock_ids' => [$this->shop->products], 'gateway_url' => $this->gateway->url]);
    }

    protected function tearDown(): void
    {
        $this->gateway->stop();
        parent::tearDown();
    }

    /** @test */
    public function everyLookIsSmallAndCostsFewQueries(): void
    {
        $opened = $this->look('open', []);
        self::assertSame([BigShop::SECTIONS + 1, BigShop::VALUES], [$opened['counts']['sections'], $opened['counts']['products']]);
        $asked = count($this->gateway->requests());
        $v = ['version' => '7'];

        $page = $this->look('sections', $v + ['filter' => '{"state":"mapped"}']);
        self::assertSame([50, BigShop::SECTIONS - 1], [count($page['items']), $page['matched']]);
        $last = $this->look('sections', $v + ['filter' => '{"state":"mapped"}', 'cursor' => $page['next']]);
        self::assertNotSame($page['items'][0]['id'], $last['items'][0]['id']);
        self::assertSame(['3100'], array_column($this->look('sections', $v + ['filter' => '{"state":"unmapped","withProducts":true}'])['items'], 'id'));
        self::assertSame(11, $this->look('sections', $v + ['filter' => '{"search":"section 299","state":"all"}'])['matched']);

        self::assertSame(['101' => 1], $this->look('missing', $v + ['sections' => '["101"]'])['missing']);
        $section = $this->look('section', $v + ['section' => '101']);
        self::assertSame([12, 10, 11], array_column($section['attributes'], 'id'), 'what is missing comes first');
        self::assertSame('P400', $section['attributes'][0]['suggestion']['property']);
        self::assertSame([BigShop::VALUES / 2, 10000], [$section['attributes'][1]['line']['pairs'], $section['attributes'][1]['values']]);

        self::assertSame([50, true], [count($this->look('properties', [])['items']), $this->look('properties', [])['more']]);
        self::assertSame(['P499'], array_column($this->look('properties', ['search' => 'property 499'])['items'], 'code'));
        $table = $this->look('propertyTable', $v + ['category' => '348', 'offers' => 'N', 'state' => 'unused']);
        self::assertSame([50, 'TAGS', 1], [count($table['items']), $table['items'][2]['code'], $table['offered']]);
        $next = $this->look('propertyTable', $v + ['category' => '348', 'offers' => 'N', 'state' => 'unused', 'cursor' => $table['next']]);
        self::assertSame([], array_intersect(array_column($table['items'], 'code'), array_column($next['items'], 'code')));
        self::assertSame(['P400'], array_column($this->look('propertyTable', $v + ['category' => '348', 'offers' => 'N', 'search' => 'p400'])['items'], 'code'));
        self::assertSame([['id' => 348, 'name' => '#348']], $this->look('mappedCategories', $v)['items']);
        self::assertSame([12], array_column($this->look('attributes', $v + ['category' => '348', 'offers' => 'N', 'search' => '400'])['items'], 'id'));
        $found = $this->look('attributeValues', ['category' => (string)BigShop::CATEGORY, 'attribute' => '10', 'search' => 'value 999']);
        self::assertSame(11, count($found['items']));

        // Half is paired; of the other half the even ones up to 10 000 have a name that AliExpress has, too.
        $of = $v + ['section' => '101', 'attribute' => '10', 'sku' => 'N'];
        $values = $this->look('values', $of + ['state' => 'unmatched']);
        self::assertSame(['all' => 50000, 'paired' => 25000, 'name' => 5000, 'other' => 0, 'unmatched' => 20000], $values['counts']);
        self::assertSame([50, 'Value 10002'], [count($values['items']), $values['items'][0]['text']]);
        $next = $this->look('values', $of + ['state' => 'unmatched', 'cursor' => $values['next']]);
        self::assertSame([50, 'Value 10102'], [count($next['items']), $next['items'][0]['text']]);
        self::assertSame(['Value 49999'], array_column($this->look('values', $of + ['search' => 'value 49999'])['items'], 'text'));
        $texts = $this->look('values', $v + ['section' => '101', 'attribute' => '11', 'sku' => 'N', 'state' => 'all']);
        self::assertSame(['all' => 50000, 'paired' => 0, 'name' => 0, 'other' => 0, 'unmatched' => 50000], $texts['counts']);

        $lines = array_map(static fn (array $one): string => "{$one['method']} " . parse_url($one['uri'], PHP_URL_PATH), array_slice($this->gateway->requests(), $asked));
        $counted = array_count_values($lines);
        self::assertArrayNotHasKey('GET /v1/shops/main/mapping', $counted, 'the mapping was asked for once, when the page was opened');
        self::assertSame(1, $counted['GET /v1/shops/main/categories/348/schema']);
    }

    /** @return array<string, mixed> */
    private function look(string $action, array $given): array
    {
        $before = $this->queriesOfServer();
        $response = Ajax::call(Mapping::class, $action, [], $given + ['connection' => '1', 'language' => 'ru', 'sessid' => bitrix_sessid()]);
        self::assertLessThanOrEqual(self::QUERIES_MAX, $this->queriesOfServer() - $before, "$action asks the database too often");
        self::assertLessThan(self::ANSWER_BYTES_MAX, strlen($response->getContent()), "$action answers too much");
        $answer = json_decode($response->getContent(), true, 32, JSON_THROW_ON_ERROR);
        self::assertSame('success', $answer['status'], $response->getContent());

        return $answer['data'];
    }

    private function queriesOfServer(): int
    {
        $link = $this->site->link();
        $row = mysqli_fetch_row(mysqli_query($link, "SHOW GLOBAL STATUS LIKE 'Com_select'"));
        mysqli_close($link);

        return (int)$row[1];
    }
}
