<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Mapping;

use Aligate\Aliexpress\Tests\FakeKernel\Shop;
use Bitrix\Main\Application;

/** A shop of the greatest size that the pages must bear: 3 000 sections, 500 properties, 50 000 values of one of them. */
final class BigShop
{
    public const SECTIONS = 3000;
    public const PROPERTIES = 500;
    public const VALUES = 50000;
    public const CATEGORY = 348;

    public readonly int $products;
    public readonly int $listed;
    public readonly int $text;

    public function __construct()
    {
        $shop = new Shop();
        $this->products = $shop->products;
        $this->listed = $shop->property($shop->products, 'BIG_LIST', 'L', ['NAME' => 'Big list']);
        $this->text = $shop->property($shop->products, 'BIG_TEXT', 'S', ['NAME' => 'Big text']);
        $this->insert('b_iblock_section', 'ID, IBLOCK_ID, IBLOCK_SECTION_ID, NAME, ACTIVE', range(1, self::SECTIONS), fn (int $at): string
            => 100 + $at . ", $this->products, " . ($at > 30 ? 100 + $at % 30 + 1 : 'NULL') . ", 'Section $at', 'Y'");
        $this->insert('b_iblock_property', 'IBLOCK_ID, NAME, ACTIVE, SORT, CODE, PROPERTY_TYPE, MULTIPLE, VERSION', range(1, self::PROPERTIES), fn (int $at): string
            => "$this->products, 'Property $at', 'Y', 500, 'P$at', 'S', 'N', 1");
        $this->insert('b_iblock_property_enum', 'ID, PROPERTY_ID, VALUE, SORT, XML_ID', range(1, self::VALUES), fn (int $at): string
            => 1000 + $at . ", $this->listed, 'Value $at', 500, 'x$at'");
        $this->insert('b_iblock_element', 'ID, IBLOCK_ID, IBLOCK_SECTION_ID, NAME, ACTIVE', range(1, self::VALUES), fn (int $at): string
            => 1000 + $at . ", $this->products, " . (101 + $at % self::SECTIONS) . ", 'Product $at', 'Y'");
        $this->insert('b_iblock_element_property', 'IBLOCK_PROPERTY_ID, IBLOCK_ELEMENT_ID, VALUE', range(1, self::VALUES), fn (int $at): string
            => "$this->text, " . 1000 + $at . ", 'Text $at'");
    }

    /** A mapping with as many sections, and pairs for half of the values. */
    public static function mapping(): array
    {
        $pairs = [];
        foreach (range(1, self::VALUES, 2) as $at) {
            $pairs[1000 + $at] = 50000 + $at;
        }

        return ['version' => 7, 'mapping' => [
            'language' => 'ru', 'title' => '{name}', 'description' => '{description}', 'price' => ['factor' => '1.0000'], 'defaults' => (object)[],
            'attributes' => [['attribute' => 10, 'property' => 'BIG_LIST', 'values' => $pairs], ['attribute' => 11, 'property' => 'BIG_TEXT']],
            'categories' => array_map(static fn (int $at): array => ['section' => (string)(100 + $at), 'category' => self::CATEGORY], range(1, self::SECTIONS - 1)),
        ]];
    }

    /** An attribute with ten thousand values, among them names of the shop's. */
    public static function schema(): array
    {
        $value = static fn (int $at): array => ['id' => 50000 + $at, 'names' => ['en' => "Value $at", 'ru' => "Значение $at"]];
        $values = array_map($value, range(1, 10000));

        return ['category' => self::CATEGORY, 'attributes' => [
            ['id' => 10, 'names' => ['en' => 'List'], 'required' => true, 'kind' => 'one', 'values' => $values],
            ['id' => 11, 'names' => ['en' => 'Text'], 'required' => true, 'kind' => 'one', 'values' => $values],
            ['id' => 12, 'names' => ['en' => 'Property 400'], 'required' => true, 'kind' => 'text'],
        ]];
    }

    /** @param list<int> $all */
    private function insert(string $table, string $columns, array $all, \Closure $row): void
    {
        foreach (array_chunk($all, 2000) as $some) {
            Application::getConnection()->queryExecute("INSERT INTO $table ($columns) VALUES (" . implode('), (', array_map($row, $some)) . ')');
        }
    }
}
