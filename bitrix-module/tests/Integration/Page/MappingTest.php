<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Page;

use Aligate\Aliexpress\Controller\Mapping;
use Aligate\Aliexpress\Tests\FakeKernel\Ajax;
use Aligate\Aliexpress\Tests\FakeKernel\Shop;
use Aligate\Aliexpress\Tests\Fixtures\GatewayServer;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;
use Bitrix\Main\Application;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';
require_once dirname(__DIR__, 2) . '/Fixtures/GatewayServer.php';

/** The mapping page's controller: who may do what, what the gateway is asked, and how its refusals come back. */
final class MappingTest extends InstalledModuleTestCase
{
    private const MAPPING = '{"version":3,"mapping":{"language":"ru","title":"{name}","description":"{description}","price":{},"defaults":{},'
        . '"attributes":[{"attribute":10,"property":"SHADE"}],"sku_attributes":[],"categories":[{"section":"%d","category":348,"settings":{}}]}}';
    private const SCHEMA = '{"category":348,"attributes":[{"id":10,"names":{"ru":"Цвет","en":"Color"},"required":true,"kind":"one","values":['
        . '{"id":1,"names":{"en":"Red"}},{"id":2,"names":{"en":"Dark-blue"}}]},{"id":3,"names":{"ru":"Модель"},"kind":"text"}],'
        . '"freight_templates":[{"id":"714","name":"Standard"}]}';

    private GatewayServer $gateway;
    private Shop $shop;
    private int $blue;

    protected function setUp(): void
    {
        parent::setUp();
        $this->gateway = new GatewayServer();
        $this->shop = new Shop();
        $colour = $this->shop->property($this->shop->products, 'SHADE', 'L', ['VALUES' => [['VALUE' => 'RED', 'XML_ID' => 'r'], ['VALUE' => 'Blue (dark)', 'XML_ID' => 'b']]]);
        $this->blue = (int)Application::getConnection()->queryScalar("SELECT ID FROM b_iblock_property_enum WHERE XML_ID = 'b' AND PROPERTY_ID = $colour");
        $this->shop->product('Shirt', 5, 100, ['IBLOCK_SECTION_ID' => $this->shop->section], [$colour => $this->blue]);
        $this->connect(['id' => 1, 'iblock_ids' => [$this->shop->products], 'gateway_url' => $this->gateway->url]);
        $this->gateway->answersWith(404, '{"code":"not_found","detail":"no such route"}');
        $this->gateway->answersPath('/mapping', 200, sprintf(self::MAPPING, $this->shop->section));
        $this->gateway->answersPath('/schema', 200, self::SCHEMA);
    }

    protected function tearDown(): void
    {
        $this->gateway->stop();
        parent::tearDown();
    }

    /** @test */
    public function whoMayOnlyLookLooksAndChangesNothing(): void
    {
        Application::getConnection()->queryExecute("INSERT INTO b_user (ID, LOGIN, PASSWORD, ACTIVE, DATE_REGISTER) VALUES (2, 'reader', 'x', 'Y', now())");
        \CMain::SetGroupRight('aligate.aliexpress', 2, 'R');
        self::assertSame('success', $this->call('open', [], 2)['status']);
        $asked = count($this->gateway->requests());
        $changes = [
            'assign' => ['sections' => '["1"]', 'filter' => '{}', 'category' => '5'], 'saveSection' => ['section' => '1', 'form' => '{}'],
            'saveCommon' => ['form' => '{}'], 'assignProperties' => ['category' => '348', 'offers' => 'N', 'properties' => '{"3":"SHADE"}'], 'pair' => $this->ofColour() + ['pairs' => '{}'], 'autoMatch' => $this->ofColour(),
        ];
        foreach ($changes as $action => $given) {
            self::assertSame('right_missing', $this->call($action, $given + ['version' => '3'], 2)['errors'][0]['code'], $action);
            $stranger = Ajax::call(Mapping::class, $action, [], $given + ['version' => '3', 'connection' => '1', 'language' => 'ru']);
            self::assertSame('error', $this->json($stranger)['status'], "$action without the session's token");
        }
        \CMain::SetGroupRight('aligate.aliexpress', 2, 'D');
        self::assertSame('right_missing', $this->call('open', [], 2)['errors'][0]['code']);
        self::assertCount($asked, $this->gateway->requests(), 'the gateway heard of none of it');
    }

    /** @test */
    public function aChangeIsMadeOnTheVersionThatThePageShows(): void
    {
        $this->call('open', []);
        $assigned = $this->call('assign', ['version' => '3', 'sections' => json_encode([(string)$this->shop->section, '99999']), 'filter' => '{}', 'category' => '349']);
        self::assertSame(['success', 1], [$assigned['status'], $assigned['data']['count']], 'a section that the shop has not is none');
        $put = $this->lastPut();
        self::assertSame([3, 349], [$put['version'], $put['mapping']['categories'][0]['category']]);

        $this->gateway->answersPath('/mapping', 412, '{"code":"version_mismatch","detail":"somebody changed the mapping meanwhile; read it again"}');
        self::assertSame('mapping_changed', $this->call('assign', ['version' => '3', 'sections' => '["1"]', 'filter' => '{}', 'category' => '349'])['errors'][0]['code']);
        // A page that is older than what can be had is told so before anything is sent.
        $this->gateway->answersPath('/mapping', 200, sprintf(self::MAPPING, $this->shop->section));
        self::assertSame('mapping_changed', $this->call('assign', ['version' => '2', 'sections' => '["1"]', 'filter' => '{}', 'category' => '349'])['errors'][0]['code']);
        self::assertSame('mapping_changed', $this->call('values', $this->ofColour() + ['version' => '2'])['errors'][0]['code']);
    }

    /** @test */
    public function valuesAreMatchedByNameAndKeptAsPairs(): void
    {
        $this->call('open', []);
        $values = $this->call('values', $this->ofColour() + ['version' => '3'])['data'];
        self::assertSame(['name', 'unmatched'], $this->sorted(array_column($values['items'], 'by')));
        $matched = $this->call('autoMatch', $this->ofColour() + ['version' => '3']);
        self::assertSame(['success', 1], [$matched['status'], $matched['data']['count']]);
        self::assertSame([(string)$this->blue => 2], array_map(intval(...), $this->lastPut()['mapping']['attributes'][0]['values']));
    }

    /** @test */
    public function valuesBeyondTheBeginningOfAListAreAskedForPageByPageAndOnce(): void
    {
        $schema = json_decode(self::SCHEMA, true);
        $schema['attributes'][0]['values_total'] = 3;
        $this->gateway->answersPath('/schema', 200, json_encode($schema, JSON_THROW_ON_ERROR));
        $all = [...$schema['attributes'][0]['values'], ['id' => 77, 'names' => ['en' => 'Blue dark']]];
        $this->gateway->answersPath('/attributes/10/values', 200, json_encode(['items' => $all, 'total' => 3, 'next' => null], JSON_THROW_ON_ERROR));
        $this->call('open', []);
        $found = $this->call('attributeValues', ['category' => '348', 'attribute' => '10', 'search' => 'blue d'])['data'];
        self::assertSame([['id' => 77, 'name' => 'Blue dark']], $found['items']);
        $matched = $this->call('autoMatch', $this->ofColour() + ['version' => '3']);
        self::assertSame(1, $matched['data']['count']);
        $pages = preg_grep('~/attributes/10/values\?cursor=0&limit=500$~', array_column($this->gateway->requests(), 'uri'));
        self::assertCount(1, $pages);
    }

    /** @test */
    public function propertiesFillAttributesOfEveryCategoryOneByOneOrAllOfTheSameName(): void
    {
        $this->shop->property($this->shop->products, 'MODEL', 'S', ['NAME' => 'модель']);
        $this->call('open', []);
        $of = ['version' => '3', 'category' => '348', 'offers' => 'N'];
        $table = $this->call('propertyTable', $of + ['state' => 'used'])['data'];
        self::assertSame([['code' => 'SHADE', 'name' => 'SHADE', 'uses' => [['name' => 'Цвет', 'sections' => 0]], 'offer' => null]], $table['items']);
        self::assertSame(1, $table['offered']);
        $matched = $this->call('assignProperties', $of + ['properties' => '{}']);
        self::assertSame(['success', 1], [$matched['status'], $matched['data']['count']]);
        self::assertSame(['attribute' => 3, 'property' => 'MODEL'], $this->lastPut()['mapping']['attributes'][1]);
        $this->call('assignProperties', $of + ['properties' => '{"3":"ARTNUMBER","x":"TAGS"}']);
        self::assertSame([['attribute' => 10, 'property' => 'SHADE'], ['attribute' => 3, 'property' => 'ARTNUMBER']], $this->lastPut()['mapping']['attributes']);
    }

    /** @test */
    public function faultsOfAMappingComeBackWithTheNamesOfSectionsAndAttributes(): void
    {
        $this->call('open', []);
        $this->gateway->answersPath('/mapping', 422, '{"code":"mapping_invalid","detail":"2 faults","faults":['
            . '{"path":"categories.0.settings.length_cm","code":"side_invalid","ru":"от 1 до 700 см","en":"is from 1 to 700 cm"},'
            . '{"path":"attributes.0","code":"source_invalid","ru":"укажите одно","en":"give one"}]}');
        $error = $this->call('saveSection', ['version' => '3', 'section' => (string)$this->shop->section, 'form' => '{"settings":{"length_cm":"701"}}'])['errors'][0];
        self::assertSame('mapping_invalid', $error['code']);
        self::assertSame([
            ['sectionPath' => 'Section A', 'attribute' => '', 'path' => 'settings.length_cm', 'code' => 'side_invalid', 'text' => 'от 1 до 700 см'],
            ['sectionPath' => '', 'attribute' => 'Цвет', 'path' => '', 'code' => 'source_invalid', 'text' => 'укажите одно'],
        ], $error['customData']['faults']);
        $invalid = $this->call('saveCommon', ['version' => '3', 'form' => '{"settings":{"group_id":"x"}}'])['errors'][0];
        self::assertSame(['input_invalid', ['field' => 'group_id', 'what' => 'number']], [$invalid['code'], $invalid['customData']]);
        self::assertSame('input_invalid', $this->call('saveCommon', ['version' => '3', 'form' => 'not json'])['errors'][0]['code']);
    }

    /** @test */
    public function aGatewayThatIsAwayOrOldIsSaidWithItsStatus(): void
    {
        $this->gateway->forget();
        self::assertSame(404, $this->call('open', [])['errors'][0]['customData']['status']);
        $this->gateway->answersWith(503, '{"code":"aliexpress_away","detail":"later"}');
        self::assertSame('aliexpress_away', $this->call('categories', [])['errors'][0]['code']);
        $this->gateway->answersWith(200, '<html>');
        self::assertSame('answer_unreadable', $this->call('open', [])['errors'][0]['code']);
        $this->gateway->answersWith(200, '{"version":"3"}');
        self::assertSame('answer_unreadable', $this->call('open', [])['errors'][0]['code']);
    }

    /** @test */
    public function aCheckNamesTheCardsAndTheSectionsOfItsProducts(): void
    {
        $this->call('open', []);
        $id = (int)Application::getConnection()->queryScalar("SELECT ID FROM b_iblock_element WHERE NAME = 'Shirt'");
        $this->gateway->answersPath('/mapping/check', 200, json_encode(['products' => 2, 'good' => 0, 'unmapped' => 0, 'more' => false, 'causes' => [[
            'code' => 'value_unmapped', 'ru' => 'не сопоставлено', 'en' => 'is not mapped', 'count' => 2,
            'products' => [['product_id' => (string)$id, 'name' => 'Shirt', 'field' => 'attributes.10', 'skus' => ['A']],
                ['product_id' => '999999', 'name' => 'Gone', 'field' => 'name', 'skus' => []]],
        ]]], JSON_THROW_ON_ERROR));
        $answer = $this->call('check', ['version' => '3', 'section' => (string)$this->shop->section, 'form' => '{"title":"{brand} {name}"}']);
        self::assertSame('success', $answer['status'], json_encode($answer, JSON_THROW_ON_ERROR));
        $report = $answer['data'];
        [$shirt, $gone] = $report['causes'][0]['products'];
        self::assertSame(['не сопоставлено', 'Цвет', (string)$this->shop->section], [$report['causes'][0]['text'], $shirt['fieldName'], $shirt['section']]);
        self::assertStringStartsWith("/bitrix/admin/iblock_element_edit.php?IBLOCK_ID={$this->shop->products}&type=catalog&ID=$id&lang=ru", $shirt['url']);
        self::assertArrayNotHasKey('url', $gone);
        $requests = $this->gateway->requests();
        $posts = array_filter($requests, static fn (array $one): bool => $one['method'] === 'POST');
        $sent = json_decode(end($posts)['body'], true);
        self::assertSame('{brand} {name}', $sent['mapping']['categories'][0]['title'], 'what is not kept yet is checked');
        self::assertSame([], array_filter($requests, static fn (array $one): bool => $one['method'] === 'PUT'), 'and nothing is kept');
    }

    /** @test */
    public function listingsAreFilteredAtTheGatewayAndNamedInTheLanguage(): void
    {
        $this->gateway->answersPath('/listings', 200, json_encode(['next' => '0a/7', 'items' => [['product_id' => 'x<7', 'name' => '<b>', 'aliexpress_product_id' => '1005',
            'state' => 'refused', 'duplicates' => [], 'changed_ms' => 1, 'reasons' => [['code' => 'audit', 'ru' => 'нельзя', 'en' => 'forbidden']]]]], JSON_THROW_ON_ERROR));
        $page = $this->call('listings', ['state' => 'refused', 'reason' => ' audit ', 'cursor' => '05/1'])['data'];
        self::assertSame(['0a/7', 'нельзя'], [$page['next'], $page['items'][0]['reasons'][0]['text']]);
        $requests = $this->gateway->requests();
        self::assertStringEndsWith('/listings?state=refused&reason=audit&cursor=05%2F1&limit=50', end($requests)['uri']);
    }

    /** @return array<string, string> */
    private function ofColour(): array
    {
        return ['section' => (string)$this->shop->section, 'attribute' => '10', 'sku' => 'N'];
    }

    /** @return array<string, mixed> */
    private function lastPut(): array
    {
        $puts = array_filter($this->gateway->requests(), static fn (array $one): bool => $one['method'] === 'PUT');

        return json_decode(end($puts)['body'], true, 32, JSON_THROW_ON_ERROR);
    }

    /** @return array<string, mixed> */
    private function call(string $action, array $given, int $user = 1): array
    {
        $given += ['connection' => '1', 'language' => 'ru', 'sessid' => bitrix_sessid()];

        return $this->json(Ajax::call(Mapping::class, $action, [], $given, user: $user));
    }

    /** @return array<string, mixed> */
    private function json(\Bitrix\Main\HttpResponse $response): array
    {
        return json_decode($response->getContent(), true, 32, JSON_THROW_ON_ERROR);
    }

    /** @param list<string> $all */
    private function sorted(array $all): array
    {
        sort($all);

        return $all;
    }
}
