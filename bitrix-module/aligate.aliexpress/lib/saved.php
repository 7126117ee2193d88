<?php

declare(strict_types=1);

namespace Aligate\Aliexpress;

/** Reads values of any shape, as a form or an older version saved them, into the types that the settings have. */
final class Saved
{
    /** More entries than this are not read. */
    private const ENTRIES_MAX = 1000;

    private const TEXT_MAX = 500;

    /** @param array<mixed> $saved */
    public static function integer(array $saved, string $name, int $default = 0): int
    {
        $value = $saved[$name] ?? $default;

        return is_numeric($value) ? max(0, min(PHP_INT_MAX, (int)$value)) : $default;
    }

    /** @param array<mixed> $saved */
    public static function text(array $saved, string $name, int $max = self::TEXT_MAX, string $default = ''): string
    {
        $value = $saved[$name] ?? $default;

        return is_scalar($value) ? substr(trim((string)$value), 0, $max) : $default;
    }

    /** @param array<mixed> $saved */
    public static function flag(array $saved, string $name, bool $default): bool
    {
        $value = $saved[$name] ?? $default;

        return is_bool($value) ? $value : in_array($value, ['Y', '1', 1], true);
    }

    /**
     * @param array<mixed> $saved
     * @return list<int> positive, each once
     */
    public static function ids(array $saved, string $name): array
    {
        $ids = [];
        foreach (self::entries($saved, $name) as $value) {
            if (is_numeric($value) && (int)$value > 0) {
                $ids[(int)$value] = (int)$value;
            }
        }

        return array_values($ids);
    }

    /**
     * @param array<mixed> $saved
     * @return list<string> without empty ones
     */
    public static function texts(array $saved, string $name): array
    {
        $texts = [];
        foreach (self::entries($saved, $name) as $value) {
            if (is_scalar($value) && trim((string)$value) !== '') {
                $texts[] = substr(trim((string)$value), 0, self::TEXT_MAX);
            }
        }

        return $texts;
    }

    /**
     * @param array<mixed> $saved
     * @return array<string, string> without empty values
     */
    public static function textMap(array $saved, string $name): array
    {
        $texts = [];
        foreach (self::entries($saved, $name) as $key => $value) {
            if (is_scalar($value) && trim((string)$value) !== '') {
                $texts[(string)$key] = substr(trim((string)$value), 0, self::TEXT_MAX);
            }
        }

        return $texts;
    }

    /**
     * @param array<mixed> $saved
     * @return array<mixed>
     */
    private static function entries(array $saved, string $name): array
    {
        $value = $saved[$name] ?? [];

        return is_array($value) ? array_slice($value, 0, self::ENTRIES_MAX, true) : [];
    }
}
