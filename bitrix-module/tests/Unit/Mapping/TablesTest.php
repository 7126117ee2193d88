<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Mapping;

use Aligate\Aliexpress\Mapping\Mapping;
use Aligate\Aliexpress\Mapping\Names;
use Aligate\Aliexpress\Mapping\Schema;
use Aligate\Aliexpress\Mapping\SectionFilter;
use Aligate\Aliexpress\Mapping\SectionTable;
use Aligate\Aliexpress\Mapping\ShopSection;
use Aligate\Aliexpress\Mapping\ValueTable;
use PHPUnit\Framework\TestCase;

/** What pages show of sections and values: filtered, counted, page by page. */
final class TablesTest extends TestCase
{
    private const COLOURS = ['id' => 14, 'kind' => 'one', 'values' => [
        ['id' => 10, 'names' => ['en' => 'Red', 'ru' => 'Красный']],
        ['id' => 175, 'names' => ['en' => 'Green', 'ru' => 'Зелёный']],
        ['id' => 30, 'names' => ['en' => 'Dark blue', 'ru' => 'Тёмно-синий']],
        ['id' => 4, 'names' => ['en' => 'Other']],
    ]];

    /** @test */
    public function namesAreComparedWithoutWhatDoesNotMatter(): void
    {
        self::assertSame(Names::plain('Тёмно-синий'), Names::plain('СИНИЙ,  темно'));
        self::assertNotSame(Names::plain('синий'), Names::plain('синяя'));
        self::assertSame('', Names::plain(' - '));
        $shirts = ['path' => ['Одежда', 'Рубашки'], 'names' => ['en' => 'Shirts', 'ru' => 'Рубашки']];
        self::assertSame(['Одежда / Рубашки', 'Shirts'], [Names::path($shirts, 'ru'), Names::path($shirts, 'en')]);
        self::assertSame('Clothes / Shirts', Names::path($shirts + ['path_en' => ['Clothes', 'Shirts']], 'en'));
    }

    /** @test */
    public function pagesOfSectionsGoOnWhereTheLastOneEnded(): void
    {
        $sections = array_map(
            static fn (int $id): ShopSection => new ShopSection($id, 1, sprintf('Section %04d', $id), $id > 1 ? [1] : [], $id % 3),
            range(1, 120),
        );
        $table = new SectionTable($sections, new Mapping(1, ['categories' => [['section' => '5', 'category' => 348]]]));
        $first = $table->page(new SectionFilter());
        self::assertSame([50, '50', 120], [count($first['items']), $first['next'], $first['matched']]);
        $last = $table->page(new SectionFilter(), '100');
        self::assertSame([20, null], [count($last['items']), $last['next']]);
        self::assertSame(79, $table->page(new SectionFilter('', 'unmapped', true))['matched'], 'with products and without a category');
        self::assertSame(['5'], array_column($table->page(new SectionFilter('', 'mapped'))['items'], 'id'));
        self::assertSame(['sections' => 120, 'withProducts' => 80, 'mapped' => 1, 'products' => 120, 'unmappedProducts' => 118], $table->counts());
        self::assertCount(120, $table->with(['1'], true));
        self::assertSame(['2'], $table->with(['2', '999', 'x'], true));
    }

    /** @test */
    public function aValueIsMatchedByItsPairThenByItsNameThenNotAtAll(): void
    {
        $values = [['1', 'красный '], ['2', 'Зеленый'], ['3', 'морской'], ['4', 'алый']];
        $table = new ValueTable($values, self::COLOURS, ['property' => 'COLOR', 'values' => [4 => 10]]);
        $page = $table->page('', 'all', '', 'ru');
        self::assertSame(['name', 'unmatched', 'unmatched', 'paired'], array_column($page['items'], 'by'));
        self::assertSame([10, 0, 0, 10], array_column($page['items'], 'id'));
        self::assertSame(['all' => 4, 'paired' => 1, 'name' => 1, 'other' => 0, 'unmatched' => 2], $page['counts']);
        self::assertSame(['3'], array_column($table->page('МОР', 'unmatched', '', 'ru')['items'], 'key'));

        self::assertSame([2 => 175], $table->matches([]), 'the letter yo is told from ye by nobody');
        $sure = [['value' => 'Морской', 'id' => 30, 'score' => 95], ['value' => 'алый', 'id' => 175, 'score' => 99]];
        self::assertSame([2 => 175, 3 => 30], $table->matches($sure), 'the gateway is believed where it is sure and nothing is paired');
        self::assertSame([2 => 175], $table->matches([['value' => 'Морской', 'id' => 30, 'score' => 70]]));

        $other = new ValueTable($values, self::COLOURS, ['property' => 'COLOR', 'other' => true]);
        self::assertSame(3, $other->page('', 'all', '', 'ru')['counts']['other']);
    }

    /** @test */
    public function pagesOfValuesGoOnWhereTheLastOneEndedAndCountAll(): void
    {
        $values = array_map(static fn (int $id): array => [(string)$id, "Value $id"], range(1, 130));
        $table = new ValueTable($values, self::COLOURS, ['property' => 'COLOR']);
        $seen = [];
        $cursor = '';
        do {
            $page = $table->page('', 'unmatched', $cursor, 'ru');
            self::assertSame(130, $page['counts']['all']);
            array_push($seen, ...array_column($page['items'], 'key'));
            $cursor = (string)$page['next'];
        } while ($page['next'] !== null);
        self::assertSame(array_map(strval(...), range(1, 130)), $seen);
    }

    /** @test */
    public function valuesOfAliexpressAreSearchedInEveryLanguageFiftyAtATime(): void
    {
        $many = array_map(static fn (int $id): array => ['id' => $id, 'names' => ['en' => "Brand $id", 'ru' => "Марка $id"]], range(1, 60));
        $schema = new Schema(['attributes' => [['id' => 2, 'kind' => 'one', 'values' => $many]]]);
        $search = static fn (string $text): array => Schema::search((array)$schema->attribute(2), $text, 'en');
        self::assertSame([50, true], [count($search('марка')['items']), $search('марка')['more']]);
        self::assertSame([['id' => 60, 'name' => 'Brand 60']], $search('марка 60')['items']);
        self::assertNull($schema->attribute(99));
    }

    /** @test */
    public function anAttributeThatIsAskedForInSeveralCasesIsOneAndMandatoryOnlyWhereItAlwaysIs(): void
    {
        $case = static fn (int $value, bool $isRequired, array $when): array => ['id' => 7, 'kind' => 'one', 'required' => $isRequired, 'when' => $when,
            'values' => [['id' => $value, 'names' => []]]];
        $when = [['attribute' => 1, 'value' => 2]];
        $schema = new Schema(['attributes' => [$case(1, true, $when), ['id' => 7, 'sku' => true, 'kind' => 'one'], $case(2, true, $when)]]);
        self::assertCount(2, $schema->attributes(), 'one of SKUs is another');
        self::assertSame([false, [1, 2]], [$schema->attribute(7)['required'], array_column($schema->attribute(7)['values'], 'id')]);
        $always = new Schema(['attributes' => [$case(1, true, $when), $case(2, true, [])]]);
        self::assertSame([true, []], [$always->attribute(7)['required'], $always->attribute(7)['when']]);
    }
}
