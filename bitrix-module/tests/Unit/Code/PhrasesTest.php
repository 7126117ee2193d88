<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Code;

use PHPUnit\Framework\TestCase;

/** What the pages' scripts say is there: every phrase that a script names is given to it, and none is given in vain. */
final class PhrasesTest extends TestCase
{
    private const MODULE = __DIR__ . '/../../../aligate.aliexpress';

    /** Phrases whose names a script puts together: `FAULT_` + what, `SET_` + field. */
    private const MADE = '/\A(FAULT|STATE|SET|BY|LANGUAGE|STEP|TAB)_/';

    /**
     * @test
     * @dataProvider pages
     */
    public function everyPhraseOfAScriptIsGivenToItAndNoneInVain(string $page, string $scripts): void
    {
        $said = [];
        foreach ((array)glob(self::MODULE . "/install/js/aligate.aliexpress/$scripts", GLOB_BRACE) as $file) {
            $script = (string)file_get_contents((string)$file);
            self::assertDoesNotMatchRegularExpression('/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/', $script, (string)$file);
            preg_match_all("/(?:\.say\('|labelled\(app, '|Labelled\(app, '|phrases\.|\[')([A-Z][A-Z_]+)\b/", $script, $found);
            preg_match_all("/'([A-Z][A-Z_]{2,})'/", $script, $quoted);
            $said = [...$said, ...$found[1], ...$quoted[1]];
        }
        $MESS = [];
        include self::MODULE . "/lang/en/admin/$page.php";
        $given = array_map(static fn (string $code): string => substr($code, strlen('ALIGATE_ALIEXPRESS_')), array_keys($MESS));
        $inPhp = ['MAPPING_TITLE', 'LISTINGS_TITLE', 'PRICE_TYPE_BASE', 'AWAY', 'NOT_OFFERED'];
        $isWhole = static fn (string $code): bool => !str_ends_with($code, '_');
        self::assertSame([], array_values(array_diff(array_filter(array_unique($said), $isWhole), $given)), 'said and not given');
        $unsaid = array_diff($given, $said, $inPhp);
        self::assertSame([], array_values(array_filter($unsaid, static fn (string $code): bool => preg_match(self::MADE, $code) !== 1)), 'given and not said');
    }

    /** @return iterable<array{string, string}> */
    public static function pages(): iterable
    {
        yield ['mapping', '{picker,mapping*}.js'];
        yield ['listings', 'listings.js'];
    }
}
