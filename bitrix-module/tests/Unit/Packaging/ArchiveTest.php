<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Packaging;

use PHPUnit\Framework\TestCase;

/** The archive is built as `make module` builds it, unpacked, and looked at as the Marketplace and a shop would. */
final class ArchiveTest extends TestCase
{
    private static string $folder;

    public static function setUpBeforeClass(): void
    {
        self::$folder = sys_get_temp_dir() . '/aligate-archive-' . bin2hex(random_bytes(6));
        mkdir(self::$folder);
        exec(escapeshellarg(dirname(__DIR__, 4) . '/packaging/module/build.sh') . ' ' . escapeshellarg(self::$folder) . ' 2>&1', $said, $code);
        self::assertSame(0, $code, implode("\n", $said));
        exec('tar -C ' . escapeshellarg(self::$folder) . ' -xzf ' . escapeshellarg(self::$folder . '/.last_version.tar.gz'), $said, $code);
        self::assertSame(0, $code);
    }

    public static function tearDownAfterClass(): void
    {
        exec('rm -rf ' . escapeshellarg(self::$folder));
    }

    /** @return \Generator<string, string> path inside => text */
    private static function files(): \Generator
    {
        $root = self::$folder . '/.last_version';
        $found = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($root, \FilesystemIterator::SKIP_DOTS));
        foreach ($found as $file) {
            yield substr((string)$file, strlen($root) + 1) => (string)file_get_contents((string)$file);
        }
    }

    public function testWhatTheMarketplaceAsksForIsThere(): void
    {
        $files = iterator_to_array(self::files());
        foreach (['include.php', '.settings.php', 'install/index.php', 'install/version.php', 'description.ru', 'install/db/mysql/install.sql'] as $needed) {
            self::assertArrayHasKey($needed, $files);
        }
        self::assertMatchesRegularExpression("/'VERSION' => '\\d+\\.\\d+\\.\\d+'/", $files['install/version.php']);
        self::assertMatchesRegularExpression("/MODULE_ID = 'aligate\\.aliexpress'/", $files['install/index.php'], 'a literal, as the upload form wants it');
        self::assertStringContainsString('PARTNER_NAME', $files['install/index.php']);
    }

    public function testNothingOfTheWorkshopIsIn(): void
    {
        foreach (self::files() as $path => $text) {
            self::assertDoesNotMatchRegularExpression('~(^|/)(tests|vendor|\.git)(/|$)~', $path);
            self::assertDoesNotMatchRegularExpression('~composer\.json|phpunit~', $path);
        }
    }

    public function testPhrasesAreInTheFormsEncodingAndCodeIsAscii(): void
    {
        $cyrillic = 0;
        foreach (self::files() as $path => $text) {
            if (str_starts_with($path, 'lang/') || str_starts_with($path, 'description.')) {
                $utf = iconv('WINDOWS-1251', 'UTF-8', $text);
                $cyrillic += preg_match('/[\x{0400}-\x{04FF}]/u', (string)$utf);
                continue;
            }
            self::assertTrue(mb_check_encoding($text, 'ASCII'), $path);
        }
        self::assertGreaterThan(5, $cyrillic);
    }

    public function testEveryFileIsReadByPhp(): void
    {
        $paths = [];
        foreach (self::files() as $path => $text) {
            if (str_ends_with($path, '.php')) {
                $paths[] = escapeshellarg(self::$folder . "/.last_version/$path");
            }
        }
        exec(PHP_BINARY . ' -l ' . implode(' ', $paths) . ' 2>&1', $said, $code);
        self::assertSame(0, $code, implode("\n", $said));
    }

    public function testTheSameSourcesGiveTheSameBytes(): void
    {
        $again = self::$folder . '/again';
        exec(escapeshellarg(dirname(__DIR__, 4) . '/packaging/module/build.sh') . ' ' . escapeshellarg($again));
        self::assertFileEquals(self::$folder . '/.last_version.tar.gz', "$again/.last_version.tar.gz");
    }
}
