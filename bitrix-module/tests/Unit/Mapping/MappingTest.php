<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Mapping;

use Aligate\Aliexpress\Mapping\Change;
use Aligate\Aliexpress\Mapping\FaultPlace;
use Aligate\Aliexpress\Mapping\Input;
use Aligate\Aliexpress\Mapping\InputInvalid;
use Aligate\Aliexpress\Mapping\Mapping;
use PHPUnit\Framework\TestCase;

/** The seller's mapping in memory: what a page does to it, and what of it comes back whole. */
final class MappingTest extends TestCase
{
    private const KEPT = '{"language":"ru","title":"{name}","description":"{description}","price_type":"BASE","price":{"factor":"1.1500","discount":{"percent":25}},'
        . '"defaults":{},"attributes":[{"attribute":10,"property":"CLOTH","values":{"0":47,"1":48},"later":true}],"sku_attributes":[],'
        . '"categories":[{"section":"7","category":348,"settings":{},"attributes":[],"sku_attributes":[]},'
        . '{"section":"8","category":348,"settings":{"length_cm":30},"attributes":[{"attribute":3,"text":"x"}],"sku_attributes":[]}]}';

    /** @test */
    public function whatWasReadIsWrittenTheSameObjectsAndAll(): void
    {
        $mapping = $this->kept();
        self::assertJsonStringEqualsJsonString(self::KEPT, $this->json($mapping));
        // Keys that look like the places of a list must not become one.
        self::assertStringContainsString('"values":{"0":47,"1":48}', $this->json($mapping));
        self::assertStringContainsString('"defaults":{}', $this->json($mapping));
    }

    /** @test */
    public function theFirstMappingHasWhatTheGatewayAsksFor(): void
    {
        $empty = Mapping::fromAnswer(['version' => 0, 'mapping' => ['language' => '', 'title' => '', 'description' => '', 'price' => []]]);
        self::assertSame(['ru', '{name}', '{description}'], [$empty->language(), $empty->template('', 'title'), $empty->template('', 'description')]);
    }

    /** @test */
    public function anAnswerThatIsNoMappingIsNotTakenForOne(): void
    {
        $this->expectException(\UnexpectedValueException::class);
        Mapping::fromAnswer(['version' => '1', 'mapping' => []]);
    }

    /** @test */
    public function sectionsGetCategoriesAndLoseThem(): void
    {
        $mapping = $this->kept();
        $mapping->assign(['7', '9'], 349);
        self::assertSame(['7' => 349, '8' => 348, '9' => 349], $mapping->categories());
        self::assertSame(['length_cm' => 30], $mapping->settings('8'), 'others stay as they are');
        $mapping->assign(['7', '5'], 0);
        self::assertSame(['8' => 348, '9' => 349], $mapping->categories());
        self::assertSame('8', $mapping->sectionAt(0));
        self::assertTrue(array_is_list(json_decode($this->json($mapping), true)['categories']));
    }

    /** @test */
    public function pairsStayAsLongAsTheirPropertyDoes(): void
    {
        $mapping = $this->kept();
        $before = $mapping->attribute('', false, 10);
        $mapping->putAttribute('', false, ['attribute' => 10, 'property' => 'CLOTH', 'other' => true], $before);
        self::assertSame([47, 48], $mapping->attribute('', false, 10)['values']);
        $mapping->putAttribute('8', false, ['attribute' => 10, 'property' => 'CLOTH'], $before);
        self::assertSame([47, 48], $mapping->attribute('8', false, 10)['values'], 'also into another scope');
        self::assertSame(['8', ''], [$mapping->scopeOf('8', false, 10), $mapping->scopeOf('7', false, 10)], 'the section decides');
        $mapping->putAttribute('', false, ['attribute' => 10, 'property' => 'FABRIC'], $before);
        self::assertArrayNotHasKey('values', $mapping->attribute('', false, 10));
    }

    /** @test */
    public function valuesArePairedAndUnpaired(): void
    {
        $mapping = $this->kept();
        self::assertTrue($mapping->pair('', false, 10, ['331' => 567, 0 => 0]));
        self::assertSame([331 => 567, 1 => 48], $mapping->attribute('', false, 10)['values']);
        self::assertFalse($mapping->pair('7', false, 10, ['1' => 2]), 'the section says nothing of it');
    }

    /** @test */
    public function theFormOfASectionChangesItsLinesAndCanDoSoInAllSectionsOfTheCategory(): void
    {
        $mapping = $this->kept();
        Change::ofSection($mapping, '7', ['everywhere' => true, 'settings' => ['width_cm' => '20', 'height_cm' => ''], 'title' => '', 'lines' => [
            ['attribute' => 3, 'sku' => false, 'scope' => 'section', 'text' => 'M1'],
            ['attribute' => 14, 'sku' => true, 'scope' => 'common', 'property' => 'COLOR', 'custom_names' => true],
        ]]);
        foreach (['7', '8'] as $section) {
            self::assertSame(['attribute' => 3, 'text' => 'M1'], $mapping->attribute($section, false, 3));
            self::assertSame(['width_cm' => 20], $mapping->settings($section));
            self::assertNull($mapping->template($section, 'title'));
        }
        self::assertSame(['attribute' => 14, 'property' => 'COLOR', 'custom_names' => true], $mapping->attribute('', true, 14));

        Change::ofSection($mapping, '7', ['lines' => [['attribute' => 3, 'sku' => false, 'scope' => 'section']]]);
        self::assertNull($mapping->attribute('7', false, 3), 'a line without a source goes');
        self::assertNotNull($mapping->attribute('8', false, 3), 'and only there');
        self::assertSame(['width_cm' => 20], $mapping->settings('7'), 'what was not in the form stays');

        Change::ofSection($mapping, '8', ['lines' => [['attribute' => 3, 'sku' => false, 'scope' => 'common', 'text' => 'M1']]]);
        self::assertSame('', $mapping->scopeOf('8', false, 3), 'what holds for all replaces its own');
    }

    /** @test */
    public function theCommonFormChangesWhatHoldsForAll(): void
    {
        $mapping = $this->kept();
        Change::ofCommon($mapping, ['language' => 'en', 'title' => '{brand} {name}', 'description' => '', 'settings' => ['weight_kg' => '0,3', 'barcodes' => 'N'],
            'price' => ['factor' => '1,15', 'rounding' => 'up', 'step' => '10', 'floor' => '', 'discount' => 'none'], 'drop' => [['id' => 10, 'sku' => false]]]);
        $kept = json_decode($this->json($mapping), true);
        self::assertSame(['en', '{brand} {name}', '{description}', 'BASE'], [$kept['language'], $kept['title'], $kept['description'], $kept['price_type']]);
        self::assertSame(['weight_kg' => '0.3', 'barcodes' => false], $kept['defaults']);
        self::assertSame(['rounding' => 'up', 'factor' => '1.15', 'step' => '10', 'discount' => 'none'], $kept['price']);
        self::assertSame([], $kept['attributes']);
    }

    /**
     * @test
     * @dataProvider invalid
     */
    public function aFieldThatIsNoNumberIsNamed(string $kind, array $posted, string $field): void
    {
        try {
            Input::$kind($posted);
            self::fail('it was taken');
        } catch (InputInvalid $error) {
            self::assertSame([$field, 'number'], [$error->field, $error->what]);
        }
    }

    /** @return iterable<array{string, array<string, string>, string}> */
    public static function invalid(): iterable
    {
        yield ['settings', ['length_cm' => 'long'], 'length_cm'];
        yield ['settings', ['group_id' => '-1'], 'group_id'];
        yield ['settings', ['weight_kg' => '1e3'], 'weight_kg'];
        yield ['price', ['factor' => '1.12345'], 'factor'];
        yield ['price', ['step' => '0.001'], 'step'];
        yield ['price', ['discount' => 'percent', 'percent' => ''], 'percent'];
    }

    /** @test */
    public function whatIsNoJsonIsRefusedAndWhatIsOfAnotherTypeIsNothing(): void
    {
        self::assertNull(Input::attribute(['attribute' => '10', 'property' => ['x'], 'brand' => 'yes', 'value_id' => -5]));
        self::assertSame(['a' => 5, 'b' => 0], Input::pairs(['a' => '5', 'b' => 'x']));
        $this->expectException(InputInvalid::class);
        Input::decode('"text"');
    }

    /** @test */
    public function aPathOfTheGatewayNamesASectionAndAnAttribute(): void
    {
        $mapping = $this->kept();
        $of = static fn (string $path): array => array_values(get_object_vars(FaultPlace::of($path, $mapping)));
        self::assertSame(['8', 3, ''], $of('categories.1.attributes.0'));
        self::assertSame(['8', 0, 'settings.length_cm'], $of('categories.1.settings.length_cm'));
        self::assertSame(['', 10, 'values.x.y'], $of('attributes.0.values.x.y'));
        self::assertSame(['', 0, 'language'], $of('language'));
        self::assertSame(['', 0, 'section'], $of('categories.99.section'));
    }

    private function kept(): Mapping
    {
        return Mapping::fromAnswer(['version' => 4, 'mapping' => json_decode(self::KEPT, true)]);
    }

    private function json(Mapping $mapping): string
    {
        return json_encode($mapping->toArray(), JSON_THROW_ON_ERROR);
    }
}
