<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Page;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Page\Choices;
use Aligate\Aliexpress\Page\SettingsForm;
use Aligate\Aliexpress\Page\SettingsPage;
use Aligate\Aliexpress\Tests\FakeKernel\Shop;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';

/** The settings: what a person types becomes a connection, and what is wrong is said at once. */
final class SettingsTest extends InstalledModuleTestCase
{
    private const ANOTHER = 'whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU=';

    /** @return array<string, mixed> */
    private static function posted(): array
    {
        return ['name' => 'Main', 'gateway_url' => 'https://gate.example', 'shop_id' => 'main', 'secret' => self::SECRET, 'iblock_ids' => ['1'],
            'is_active' => 'Y', 'sends_stock' => 'Y', 'sku_source' => 'xml_id', 'untraced_quantity' => '7',
            'orders' => ['person_type_id' => '1', 'properties' => ['name' => 'FIO', 'city' => '']]];
    }

    /** @test */
    public function aFormIsReadIntoAConnection(): void
    {
        $form = SettingsForm::read(self::posted(), 3, null);
        self::assertSame([], $form->faults);
        $connection = $form->connection;
        self::assertSame([3, 'https://gate.example', [self::SECRET]], [$connection->id, $connection->gatewayUrl, $connection->secrets]);
        self::assertSame([true, true, false], [$connection->isActive, $connection->sendsStock, $connection->sendsPrices], 'an empty box is off');
        self::assertSame(['name' => 'FIO'], $connection->orders->properties);
        self::assertSame(7, $connection->untracedQuantity);
    }

    /** @test */
    public function everyFaultIsSaidAtOnce(): void
    {
        $form = SettingsForm::read(['gateway_url' => 'gate.example', 'shop_id' => 'a b', 'secret' => 'whsec_short'], 1, null);
        self::assertSame([
            'name' => 'NAME_EMPTY',
            'shop_id' => 'SHOP_ID_INVALID',
            'iblock_ids' => 'IBLOCKS_EMPTY',
            'secret' => 'SECRET_INVALID',
            'gateway_url' => 'URL_INVALID',
        ], $form->faults);
    }

    /** @test */
    public function aSecretStaysUntilAnotherIsTypedAndStillVerifiesThen(): void
    {
        $first = SettingsForm::read(self::posted(), 1, null)->connection;
        $same = SettingsForm::read(['secret' => ''] + self::posted(), 1, $first)->connection;
        self::assertSame([self::SECRET], $same->secrets);
        $next = SettingsForm::read(['secret' => self::ANOTHER] + self::posted(), 1, $first)->connection;
        self::assertSame([self::ANOTHER, self::SECRET], $next->secrets);
    }

    /**
     * @test
     * @dataProvider languages
     */
    public function thePageShowsEveryFieldInBothLanguagesAndNoSecret(string $language): void
    {
        \Bitrix\Main\Localization\Loc::setCurrentLang($language);
        // A hit has one language and loads the class anew.
        \Bitrix\Main\Localization\Loc::loadMessages((string)(new \ReflectionClass(SettingsPage::class))->getFileName());
        $shop = new Shop();
        $saved = ['name' => '<b>"Main"', 'iblock_ids' => [$shop->products]] + SettingsForm::read(self::posted(), 1, null)->connection->toArray();
        $page = new SettingsPage(Connection::fromArray($saved), new Choices(), 'https://shop.example/x?a=1&b=2', ['name' => 'NAME_EMPTY']);
        $html = $page->gatewayTab() . $page->catalogTab() . $page->stockTab() . $page->ordersTab();

        self::assertStringNotContainsString('whsec_MDEy', $html);
        self::assertStringNotContainsString('<b>"Main"', $html);
        self::assertStringContainsString('&lt;b&gt;', $html);
        self::assertStringContainsString('[ARTNUMBER]', $html, 'properties of products');
        self::assertStringContainsString('[ARTICLE]', $html, 'and of offers');
        self::assertSame(0, substr_count($html, '<label>:</label>'), 'every field has its name');
        self::assertDoesNotMatchRegularExpression('/<option value="[^"]*"( selected)?><\/option>/', $html, 'and every choice');
        self::assertSame($language === 'ru', preg_match('/[\x{0400}-\x{04FF}]/u', $html) === 1);
    }

    /** @return list<array{string}> */
    public static function languages(): array
    {
        return [['ru'], ['en']];
    }
}
