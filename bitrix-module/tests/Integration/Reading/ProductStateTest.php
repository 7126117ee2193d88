<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Reading;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Reading\Rows;
use Aligate\Aliexpress\Sending\Planner;
use Aligate\Aliexpress\Sending\SentRepository;
use Aligate\Aliexpress\Sending\SituationReader;
use Aligate\Aliexpress\Sending\Wanted;
use Aligate\Aliexpress\Reading\KernelDiscounts;
use Aligate\Aliexpress\Tests\Fixtures\ShopRows;
use Aligate\Aliexpress\Tests\Integration\Sending\SendingTestCase;
use Bitrix\Main\Application;

require_once dirname(__DIR__) . '/Sending/SendingTestCase.php';

/** A product event of everything that a product can have; properties in the common tables. */
class ProductStateTest extends SendingTestCase
{
    /** @test */
    public function aProductIsToldWithEverythingThatTheContractNames(): void
    {
        [$product, $red] = $this->shirt();
        $this->touch(Kind::Product, [$product]);
        $this->drain($this->everything());

        self::assertSame([
            'product_id' => (string)$product,
            'xml_id' => "x$product",
            'active' => true,
            'name' => 'T-shirt "A&B"',
            'description_html' => "line 1<br>\nline &lt;2&gt;",
            'section' => ['id' => '11', 'path' => ['Clothes', 'T-shirts']],
            'brand' => 'Acme',
            'url' => "https://shop.example/catalog/clothes/t-shirts/item-$product/",
            'images' => ['https://shop.example/upload/iblock/1/main%20picture.jpg', 'https://shop.example/upload/iblock/1/second.png'],
            'properties' => [
                ['code' => 'MATERIAL', 'name' => 'Material', 'value' => 'Cotton', 'value_id' => '331', 'multiple' => false],
                ['code' => 'BRAND', 'name' => 'Brand', 'value' => 'Acme', 'value_id' => 'acme', 'multiple' => false],
                ['code' => 'TAGS', 'name' => 'Tags', 'multiple' => true, 'values' => [['value' => 'new'], ['value' => 'summer']]],
                ['code' => 'MANUAL', 'name' => 'Manual', 'value' => 'https://shop.example/upload/iblock/1/manual.pdf', 'multiple' => false],
                ['code' => 'ALSO', 'name' => 'Also', 'value' => 'Cap', 'value_id' => '500', 'multiple' => false],
                ['code' => 'NOTE', 'name' => 'Note', 'value' => '<b>soft</b>', 'multiple' => false],
                ['code' => 'CML2_ARTICLE', 'name' => 'Cml2_article', 'value' => 'TSHIRT', 'multiple' => false],
            ],
            'package' => ['weight_kg' => '0.300', 'length_cm' => 30, 'width_cm' => 21, 'height_cm' => 3],
            'translations' => ['en' => ['name' => 'T-shirt', 'description_html' => '<p>soft</p>']],
            'offers' => [[
                'sku' => 'TSHIRT-RED-M',
                'offer_id' => (string)$red,
                'price' => '1990.00',
                'currency' => 'RUB',
                'quantity' => 7,
                'barcode' => '4006381333931',
                'properties' => [
                    ['code' => 'COLOR', 'name' => 'Color', 'value' => 'Red', 'value_id' => '12', 'multiple' => false],
                    ['code' => 'CML2_ARTICLE', 'name' => 'Cml2_article', 'value' => 'TSHIRT-RED-M', 'multiple' => false],
                ],
                'images' => ['https://shop.example/upload/iblock/1/red.jpg'],
            ]],
        ], $this->gateway->states["product $product"]);
    }

    /** @test */
    public function onlyThePropertiesThatTheSettingsNameAreTold(): void
    {
        [$product] = $this->shirt();
        $this->touch(Kind::Product, [$product]);
        $this->drain($this->connection(['product_properties' => ['MATERIAL', 'COLOR'], 'picture_properties' => []]));

        $data = $this->gateway->states["product $product"];
        self::assertSame(['MATERIAL'], array_column($data['properties'], 'code'));
        self::assertSame(['COLOR'], array_column($data['offers'][0]['properties'], 'code'));
        self::assertArrayNotHasKey('brand', $data);
    }

    /** @test */
    public function theNumberOfQueriesDoesNotDependOnTheNumberOfEntities(): void
    {
        [$product] = $this->shirt();
        $one = $this->queries([$product]);
        $many = [$product];
        for ($at = 0; $at < 125; $at++) {
            $many[] = $id = $this->shop->product("P$at", ['IBLOCK_SECTION_ID' => 11]);
            for ($variant = 0; $variant < 3; $variant++) {
                $offer = $this->shop->offer($id, "P$at-$variant");
                $this->shop->goods($offer, $variant);
            }
        }

        self::assertCount(126, $many);
        self::assertSame($one, $this->queries($many), '500 elements cost what one product costs');
        self::assertLessThanOrEqual(35, $one);
    }

    /** @param list<int> $ids */
    private function queries(array $ids): int
    {
        $database = Application::getConnection();
        $rows = new Rows($database);
        $reader = new SituationReader($rows, new SentRepository($database, $rows), new KernelDiscounts());
        $connection = $this->everything();
        $wanted = Wanted::check($ids);
        $plan = Planner::plan($connection, $wanted, $reader->read($connection, $wanted));
        self::assertGreaterThanOrEqual(count($ids), count($plan->events));

        return $rows->queries();
    }

    private function everything(): Connection
    {
        return $this->connection([
            'brand_property' => 'BRAND',
            'translations' => ['en.name' => 'NAME_EN', 'en.description' => 'TEXT_EN'],
        ]);
    }

    /** @return array{int, int} product and its red offer */
    private function shirt(): array
    {
        $shop = $this->shop;
        foreach ([[10, null, 'Clothes', 'clothes'], [11, 10, 'T-shirts', 't-shirts']] as [$id, $parent, $name, $code]) {
            $shop->insert('b_iblock_section', ['ID' => $id, 'IBLOCK_ID' => 1, 'IBLOCK_SECTION_ID' => $parent, 'NAME' => $name, 'CODE' => $code,
                'ACTIVE' => 'Y', 'GLOBAL_ACTIVE' => 'Y']);
        }
        $types = ['main picture.jpg' => 'image/jpeg', 'second.png' => 'image/png', 'manual.pdf' => 'application/pdf', 'red.jpg' => 'image/jpeg'];
        foreach ($types as $name => $type) {
            $shop->insert('b_file', ['SUBDIR' => 'iblock/1', 'FILE_NAME' => $name, 'CONTENT_TYPE' => $type, 'MODULE_ID' => 'iblock']);
        }
        $files = Application::getConnection()->query('SELECT ID, FILE_NAME FROM b_file')->fetchAll();
        $files = array_column($files, 'ID', 'FILE_NAME');
        $shop->insert('b_iblock_property_enum', ['ID' => 331, 'PROPERTY_ID' => 110, 'VALUE' => 'Cotton', 'XML_ID' => 'cotton']);
        $shop->insert('b_iblock_property_enum', ['ID' => 12, 'PROPERTY_ID' => 120, 'VALUE' => 'Red', 'XML_ID' => 'red']);
        $shop->sql('CREATE TABLE hl_brands (ID int PRIMARY KEY, UF_XML_ID varchar(50), UF_NAME varchar(50))');
        $shop->insert('hl_brands', ['ID' => 1, 'UF_XML_ID' => 'acme', 'UF_NAME' => 'Acme']);
        $shop->insert('b_hlblock_entity', ['NAME' => 'Brands', 'TABLE_NAME' => 'hl_brands']);
        $directory = ['USER_TYPE' => 'directory', 'USER_TYPE_SETTINGS' => serialize(['TABLE_NAME' => 'hl_brands']), 'SORT' => 2];
        $shop->property(110, 1, 'MATERIAL', 'L', ['SORT' => 1]);
        $shop->property(111, 1, 'BRAND', 'S', $directory);
        $shop->property(112, 1, 'TAGS', 'S', ['MULTIPLE' => 'Y', 'SORT' => 3]);
        $shop->property(113, 1, 'MANUAL', 'F', ['SORT' => 4]);
        $shop->property(114, 1, 'ALSO', 'E', ['SORT' => 5]);
        $shop->property(115, 1, 'NOTE', 'S', ['USER_TYPE' => 'HTML', 'SORT' => 6]);
        $shop->property(116, 1, 'MORE_PHOTO', 'F', ['MULTIPLE' => 'Y', 'SORT' => 7]);
        $shop->property(117, 1, 'NAME_EN', 'S', ['SORT' => 8]);
        $shop->property(118, 1, 'TEXT_EN', 'S', ['SORT' => 9]);
        $shop->property(119, 1, 'OFF', 'S', ['SORT' => 10, 'ACTIVE' => 'N']);
        $shop->property(120, 2, 'COLOR', 'L', ['SORT' => 1]);
        $shop->insert('b_iblock_element', ['ID' => 500, 'IBLOCK_ID' => 9, 'NAME' => 'Cap', 'ACTIVE' => 'Y', 'WF_STATUS_ID' => 1]);
        $product = $shop->product('TSHIRT', ['NAME' => "T-shirt \"A&B\"", 'IBLOCK_SECTION_ID' => 11, 'DETAIL_PICTURE' => $files['main picture.jpg'],
            'DETAIL_TEXT' => "line 1\nline <2>", 'DETAIL_TEXT_TYPE' => 'text']);
        $shop->insert('b_iblock_section_element', ['IBLOCK_SECTION_ID' => 11, 'IBLOCK_ELEMENT_ID' => $product]);
        $values = [110 => '331', 111 => 'acme', 113 => (string)$files['manual.pdf'], 114 => '500',
            115 => serialize(['TEXT' => '<b>soft</b>', 'TYPE' => 'HTML']), 117 => 'T-shirt', 118 => '<p>soft</p>', 119 => 'hidden'];
        foreach ($values as $id => $value) {
            $shop->value($product, 1, $id, $value);
        }
        $shop->addValue($product, 1, 112, 'new');
        $shop->addValue($product, 1, 112, 'summer');
        $shop->addValue($product, 1, 116, (string)$files['second.png']);
        $red = $shop->offer($product, 'TSHIRT-RED-M', ['PREVIEW_PICTURE' => $files['red.jpg']]);
        $shop->value($red, 2, 120, '12');
        $shop->goods($product, 0, null, ['TYPE' => 3, 'WEIGHT' => 300]);
        $shop->goods($red, 7, '1990', ['LENGTH' => 300, 'WIDTH' => 201, 'HEIGHT' => 30, 'WEIGHT' => 250]);
        $shop->insert('b_catalog_store_barcode', ['PRODUCT_ID' => $red, 'BARCODE' => '4006381333931']);

        return [$product, $red];
    }
}
