<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Code;

use PHPUnit\Framework\TestCase;

/** The module's texts: the same in both languages, and a shop in windows-1251 loses no letter of them. */
final class TextsTest extends TestCase
{
    private const MODULE = __DIR__ . '/../../../aligate.aliexpress';

    /** @return iterable<string, string> path in the module => content */
    private static function files(string $folder = ''): iterable
    {
        $root = (string)realpath(self::MODULE);
        $found = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($root . $folder, \FilesystemIterator::SKIP_DOTS));
        foreach ($found as $file) {
            yield substr($file->getPathname(), strlen($root) + 1) => (string)file_get_contents($file->getPathname());
        }
    }

    /** @return array<string, list<string>> file => its keys and the places for values in each */
    private static function keys(string $language): array
    {
        $keys = [];
        foreach (self::files("/lang/$language") as $path => $content) {
            $MESS = [];
            eval('?>' . $content);
            foreach ($MESS as $key => $text) {
                preg_match_all('/#[A-Z_]+#/', $text, $places);
                sort($places[0]);
                $keys[substr($path, strlen("lang/$language/"))][] = $key . ' ' . implode(' ', array_unique($places[0]));
            }
        }
        ksort($keys);
        return array_map(static function (array $ofFile): array {
            sort($ofFile);
            return $ofFile;
        }, $keys);
    }

    /** @test */
    public function bothLanguagesHaveTheSameKeysWithTheSamePlacesForValues(): void
    {
        $russian = self::keys('ru');
        self::assertNotSame([], $russian);
        self::assertSame($russian, self::keys('en'));
    }

    /** @test */
    public function lettersOfTheRussianAlphabetAreInTextsAlone(): void
    {
        $faults = [];
        foreach (self::files() as $path => $content) {
            $isText = str_starts_with($path, 'lang/ru/') || $path === 'description.ru';
            if (!$isText && preg_match('/\p{Cyrillic}/u', $content) === 1) {
                $faults[] = $path;
            }
        }
        self::assertSame([], $faults);
    }

    /** @test */
    public function everyFileIsTheSameAfterAWayThroughWindows1251(): void
    {
        $faults = [];
        foreach (self::files() as $path => $content) {
            $isBinary = preg_match('/\.(png|gif|ico|jpg|svg)$/', $path) === 1;
            if (!$isBinary && (!mb_check_encoding($content, 'UTF-8') || mb_convert_encoding(mb_convert_encoding($content, 'CP1251', 'UTF-8'), 'UTF-8', 'CP1251') !== $content)) {
                $faults[] = $path;
            }
        }
        self::assertSame([], $faults);
    }

    /** @test */
    public function noFileBeginsWithAByteOrderMark(): void
    {
        foreach (self::files() as $path => $content) {
            self::assertStringStartsNotWith("\xEF\xBB\xBF", $content, $path);
        }
    }
}
