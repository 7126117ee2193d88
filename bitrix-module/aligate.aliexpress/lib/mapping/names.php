<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/** Names by language, and whether two mean the same. Pure. */
final class Names
{
    /** @param mixed $names language => name */
    public static function in(mixed $names, string $language): string
    {
        $names = is_array($names) ? array_filter($names, is_string(...)) : [];

        return $names[$language] ?? $names['en'] ?? (string)reset($names);
    }

    /**
     * A category from the top.
     *
     * @param array<array-key, mixed> $item as the gateway shows it
     */
    public static function path(array $item, string $language): string
    {
        $path = (array)($item[$language === 'ru' ? 'path' : 'path_en'] ?? []);
        $path = array_filter($path, static fn ($name): bool => is_string($name) && $name !== '');

        return $path === [] ? self::in($item['names'] ?? [], $language) : implode(' / ', $path);
    }

    /** What is left of a name where case, punctuation, the order of words and the two ways to write "yo" do not count. */
    public static function plain(string $name): string
    {
        // CYRILLIC SMALL LETTER IO is written as IE by most people.
        $name = str_replace("\u{451}", "\u{435}", mb_strtolower($name, 'UTF-8'));
        $words = preg_split('/[^\p{L}\p{N}]+/u', $name, -1, PREG_SPLIT_NO_EMPTY);
        $words = $words === false ? [] : $words;
        sort($words);

        return implode(' ', $words);
    }

    /** As the gateway compares: values of the same name need no pair. */
    public static function same(string $name): string
    {
        return mb_strtolower(trim($name), 'UTF-8');
    }

    /** Whether a text holds another, whatever the case. */
    public static function holds(string $text, string $part): bool
    {
        return $part === '' || mb_stripos($text, $part, 0, 'UTF-8') !== false;
    }
}
