<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Installation;

use Aligate\Aliexpress\Installation\Fault;
use Aligate\Aliexpress\Installation\Requirements;
use PHPUnit\Framework\TestCase;

final class RequirementsTest extends TestCase
{
    private const MODULES = ['main' => '23.0.0', 'iblock' => '1', 'catalog' => '1', 'sale' => '1', 'currency' => '1'];
    private const EXTENSIONS = ['curl', 'json', 'zlib', 'mbstring'];

    /** @test */
    public function aShopThatHasEverythingHasNoFault(): void
    {
        self::assertSame([], Requirements::of('mysql', self::MODULES, self::EXTENSIONS)->faults());
    }

    /**
     * @test
     * @dataProvider shops
     * @param array<string, string> $modules
     * @param list<string> $extensions
     */
    public function whatIsMissingIsNamed(string $type, array $modules, array $extensions, string $code, string $value): void
    {
        $faults = Requirements::of($type, $modules, $extensions)->faults();
        self::assertSame([$code], array_map(static fn (Fault $fault): string => $fault->code, $faults));
        self::assertContains($value, $faults[0]->values);
        foreach (['ru', 'en'] as $language) {
            $phrase = self::phrases($language)["ALIGATE_ALIEXPRESS_FAULT_$code"] ?? '';
            foreach (array_keys($faults[0]->values) as $place) {
                self::assertStringContainsString($place, $phrase, $language);
            }
        }
    }

    /** @return array<string, array{string, array<string, string>, list<string>, string, string}> */
    public static function shops(): array
    {
        $without = static fn (string $module): array => array_diff_key(self::MODULES, [$module => true]);

        return [
            'PostgreSQL' => ['pgsql', self::MODULES, self::EXTENSIONS, 'DATABASE', 'pgsql'],
            'an old kernel' => ['mysql', ['main' => '22.500.0'] + self::MODULES, self::EXTENSIONS, 'KERNEL', '22.500.0'],
            'no catalogue' => ['mysql', $without('catalog'), self::EXTENSIONS, 'MODULE', 'catalog'],
            'no sales' => ['mysql', $without('sale'), self::EXTENSIONS, 'MODULE', 'sale'],
            'no cURL' => ['mysql', self::MODULES, ['json', 'zlib', 'mbstring'], 'EXTENSION', 'curl'],
        ];
    }

    /** @test */
    public function everyFaultOfAShopIsToldAtOnce(): void
    {
        self::assertCount(1 + 1 + 4 + 4, Requirements::of('pgsql', [], [])->faults());
    }

    /** @test */
    public function theInstallerIsReadByAnOldPhpWhichThenGetsASentence(): void
    {
        $installer = (string)file_get_contents(dirname(__DIR__, 3) . '/aligate.aliexpress/install/index.php');
        $check = strpos($installer, 'version_compare(PHP_VERSION, self::PHP_MIN)');
        self::assertIsInt($check);
        self::assertLessThan(strpos($installer, 'Requirements::ofShop'), $check, 'before anything newer is loaded');
        self::assertSame(0, preg_match('~\bfn ?\(|\breadonly\b|\bmatch ?\(|\?->|: (void|bool|array|string|int)\b|declare\(~', $installer));
        self::assertLessThan(200, substr_count($installer, "\n"));
    }

    /** @return array<string, string> */
    private static function phrases(string $language): array
    {
        $MESS = [];
        include dirname(__DIR__, 3) . "/aligate.aliexpress/lang/$language/install/index.php";

        return $MESS;
    }
}
