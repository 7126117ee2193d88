<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Page;

use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Sending\Senders;
use Aligate\Aliexpress\Tests\FakeKernel\Shop;
use Aligate\Aliexpress\Tests\Fixtures\AdminSite;
use Aligate\Aliexpress\Tests\Fixtures\Market;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;
use Bitrix\Main\Application;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';
require_once dirname(__DIR__, 2) . '/Fixtures/AdminSite.php';
require_once dirname(__DIR__, 2) . '/Fixtures/Market.php';

/**
 * The pages in a real browser, on the site of the fake kernel, with a real gateway and the simulator behind.
 *
 * What a person does is in `tests/browser/*.mjs`. With ALIGATE_PICTURES=<folder> they leave pictures there.
 */
final class BrowserTest extends InstalledModuleTestCase
{
    private AdminSite $admin;
    private Market $market;
    private Shop $shop;
    private int $shirts;

    protected function setUp(): void
    {
        parent::setUp();
        $this->market = Market::shared();
        $this->shop = new Shop();
        $this->fill();
        $this->connect(['id' => 1, 'iblock_ids' => [$this->shop->products], 'gateway_url' => $this->market->url, 'secrets' => [Market::SECRET],
            'sku_source' => 'xml_id', 'brand_property' => 'MAKER', 'site_id' => 's1']);
        $this->admin = new AdminSite($this->site);
    }

    protected function tearDown(): void
    {
        $this->admin->stop();
        parent::tearDown();
    }

    /** @test */
    public function aSellerGoesFromNothingToProductsThatMayLeave(): void
    {
        $this->send();
        $this->browse('first-day', ['section' => (string)$this->shirts]);
    }

    /** @test */
    public function whatGoesWrongIsSaidInPlaceAndNamesOfTheShopAreNeverMarkup(): void
    {
        $this->connect(['id' => 2, 'name' => 'Second', 'iblock_ids' => [$this->shop->products], 'gateway_url' => 'http://127.0.0.1:9']);
        $this->browse('faults', ['section' => (string)$this->shirts]);
    }

    /** @test */
    public function everyPageIsWholeInBothLanguages(): void
    {
        Application::getConnection()->queryExecute("INSERT INTO b_user (ID, LOGIN, PASSWORD, ACTIVE, DATE_REGISTER) VALUES (2, 'reader', 'x', 'Y', now())");
        \CMain::SetGroupRight('aligate.aliexpress', 2, 'R');
        $this->browse('pages', []);
    }

    /** Shirts in two sections, offers that differ by colour and size, names that are and are not AliExpress's. */
    private function fill(): void
    {
        $shop = $this->shop;
        $section = static fn (string $name, int $parent = 0): int => (int)(new \CIBlockSection())->Add(
            ['IBLOCK_ID' => $shop->products, 'NAME' => $name, 'IBLOCK_SECTION_ID' => $parent ?: false],
        );
        $clothes = $section('Одежда');
        $this->shirts = $section('Футболки', $clothes);
        $section('Рубашки', $clothes);
        $evil = $section('<img src=x onerror="window.hacked=1">');
        $values = static fn (string ...$texts): array => ['VALUES' => array_map(
            static fn (string $text): array => ['VALUE' => $text, 'XML_ID' => md5($text)],
            $texts,
        )];
        $shop->property($shop->products, 'MAKER', 'S', ['NAME' => 'Производитель']);
        $fabric = $shop->property($shop->products, 'FABRIC', 'L', ['NAME' => 'материал'] + $values('Хлопок', 'лен', 'Шерсть мериноса', '<b>Шёлк</b>'));
        $shade = $shop->property($shop->offers, 'SHADE', 'L', ['NAME' => 'Цвет'] + $values('красный', 'Зеленый', 'Морская волна'));
        Application::getConnection()->queryExecute(
            "INSERT INTO b_file (ID, SUBDIR, FILE_NAME, CONTENT_TYPE, MODULE_ID) VALUES (7, 'iblock/1', 'shirt.jpg', 'image/jpeg', 'iblock')",
        );
        foreach (['Хлопок', 'лен', 'Шерсть мериноса'] as $at => $cloth) {
            $product = $shop->element("Футболка $at", ['IBLOCK_SECTION_ID' => $this->shirts, 'DETAIL_PICTURE' => 7, 'DETAIL_TEXT' => '<p>Мягкая</p>', 'DETAIL_TEXT_TYPE' => 'html'], [
                'MAKER' => 'Acme', $fabric => $this->enum($fabric, $cloth),
            ]);
            foreach (['красный', 'Зеленый'] as $number => $colour) {
                $shop->offer($product, "SHIRT-$at-$number", 5, 990, [$shade => $this->enum($shade, $colour), 'SIZE' => 'M']);
            }
        }
        $shop->product('Сковорода <i>', 3, 500, ['IBLOCK_SECTION_ID' => $evil]);
    }

    private function enum(int $property, string $text): int
    {
        $value = Application::getConnection()->getSqlHelper()->forSql($text);

        return (int)Application::getConnection()->queryScalar("SELECT ID FROM b_iblock_property_enum WHERE PROPERTY_ID = $property AND VALUE = '$value'");
    }

    /** The gateway gets all products of the shop. */
    private function send(): void
    {
        $ids = array_column(Application::getConnection()->query("SELECT ID FROM b_iblock_element WHERE IBLOCK_ID = {$this->shop->products}")->fetchAll(), 'ID');
        $this->outbox()->append(1, Kind::Product, array_map(intval(...), $ids), Cause::Export);
        (new Senders(Application::getConnection(), new ModuleOptions()))->drainAll(60.0);
        self::assertSame([], $this->waiting());
    }

    /** @param array<string, string> $more what the script is told beside the address */
    private function browse(string $script, array $more): void
    {
        $told = ['url' => $this->admin->url, 'pictures' => (string)getenv('ALIGATE_PICTURES')] + $more;
        $command = ['node', dirname(__DIR__, 2) . "/browser/$script.mjs", json_encode($told, JSON_THROW_ON_ERROR)];
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['redirect', 1]], $pipes);
        self::assertIsResource($process);
        $said = (string)stream_get_contents($pipes[1]);
        self::assertSame(0, proc_close($process), $said . $this->admin->complaints());
        self::assertSame('', $this->admin->complaints());
    }
}
