<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Reading;

use Aligate\Aliexpress\Reading\Package;
use Aligate\Aliexpress\Reading\Price;
use Aligate\Aliexpress\Reading\Site;
use Aligate\Aliexpress\Reading\SkuFinder;
use Aligate\Aliexpress\Reading\StockReader;
use Aligate\Aliexpress\Reading\Text;
use PHPUnit\Framework\TestCase;

/** Values of the shop as the contract writes them. */
final class ValuesTest extends TestCase
{
    /** @test */
    public function moneyHasTwoDecimalsAndIsAboveZero(): void
    {
        $amounts = array_map(Price::amount(...), [10.0, 10.005, 0.01, 0.004, 0.0, -5.0, 1234567.891, INF, NAN]);
        self::assertSame(['10.00', '10.01', '0.01', null, null, null, '1234567.89', null, null], $amounts);
    }

    /** @test */
    public function gramsAndMillimetresBecomeKilogramsAndWholeCentimetresRoundedUp(): void
    {
        $known = (new Package(300.0, 301.0, 200.0, 0.5))->toArray();
        self::assertSame(['weight_kg' => '0.300', 'length_cm' => 31, 'width_cm' => 20, 'height_cm' => 1], $known);
        self::assertSame([], (new Package(0.0, 0.0, 0.0, 0.0))->toArray());
    }

    /** @test */
    public function addressesAreCompleteAndHoldNothingThatAnAddressCannot(): void
    {
        $site = new Site('s1', '/', 'shop.example');
        self::assertSame('https://shop.example/upload/a%20b.jpg', $site->absolute('/upload/a b.jpg'));
        self::assertSame('https://shop.example/upload/%D0%B0.jpg', $site->absolute("/upload/\u{0430}.jpg"));
        self::assertSame('https://shop.example/a%20b', $site->absolute('/a%20b'), 'what is written so already stays');
        self::assertSame('http://cdn.example/1.jpg', $site->absolute('http://cdn.example/1.jpg'));
        self::assertSame('https://cdn.example/1.jpg', $site->absolute('//cdn.example/1.jpg'));
        self::assertSame('', (new Site('s1', '/', ''))->absolute('/1.jpg'), 'nobody can open an address without a host');
        self::assertSame('http://old.example/1.jpg', (new Site('s1', '/', 'http://old.example'))->absolute('/1.jpg'));
    }

    /** @test */
    public function quantitiesAreFlooredAndClamped(): void
    {
        $quantities = array_map(StockReader::clamped(...), [1.99, -1.0, 1.0e9, INF, NAN]);
        self::assertSame([1, 0, 999999, 0, 0], $quantities);
    }

    /** @test */
    public function aSkuIsOneToFiftyCharactersWithoutControlCharacters(): void
    {
        $faults = array_map(SkuFinder::fault(...), ['A', str_repeat('x', 50), str_repeat('x', 51), '', "A\n", "A\u{85}", "\xFF"]);
        self::assertSame([null, null, 'sku_too_long', 'sku_missing', 'sku_control_characters', 'sku_control_characters',
            'sku_control_characters'], $faults);
    }

    /** @test */
    public function textsAreMendedSoThatTheyCanBeSent(): void
    {
        self::assertSame('A  ? B', Text::line(" A \x07\xFF B\n"));
        self::assertSame("a\nb", Text::block("a\nb\x00"));
        self::assertSame("a &lt;b&gt;<br>\nc", Text::html("a <b>\nc"));
    }
}
