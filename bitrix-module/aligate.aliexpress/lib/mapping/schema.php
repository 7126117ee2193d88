<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/** What AliExpress asks of a product of a category, as the gateway gives it. */
final class Schema
{
    public const BRAND = 2;
    private const OTHER_VALUE = 4;
    private const PAGE = 50;

    /** @param array<array-key, mixed> $data */
    public function __construct(private readonly array $data)
    {
    }

    /**
     * Each attribute once. One may be asked for in several cases, each time with values of its own: together they are
     * what the seller maps, and it is mandatory only where it is so always.
     *
     * @return list<array<string, mixed>>
     */
    public function attributes(): array
    {
        $attributes = [];
        foreach (array_filter((array)($this->data['attributes'] ?? []), is_array(...)) as $attribute) {
            $key = (int)($attribute['id'] ?? 0) . (($attribute['sku'] ?? false) === true ? 's' : '');
            $attribute['when'] = (array)($attribute['when'] ?? []);
            $attribute['required'] = ($attribute['required'] ?? false) === true && $attribute['when'] === [];
            $known = $attributes[$key] ?? null;
            if ($known !== null) {
                $attribute['values'] = [...self::values($known), ...self::values($attribute)];
                $attribute['values_total'] = self::total($known) + self::total($attribute);
                $attribute['required'] = $attribute['required'] || $known['required'];
                $attribute['when'] = $known['when'] === [] ? [] : $attribute['when'];
            }
            $attributes[$key] = $attribute;
        }

        return array_values($attributes);
    }

    /**
     * How many values an attribute has; its list may be the beginning of them.
     *
     * @param array<string, mixed> $attribute
     */
    public static function total(array $attribute): int
    {
        return max((int)($attribute['values_total'] ?? 0), count(self::values($attribute)));
    }

    /** @param array<string, mixed> $attribute */
    public static function isWhole(array $attribute): bool
    {
        return self::total($attribute) === count(self::values($attribute));
    }

    /** @return array<string, mixed>|null */
    public function attribute(int $id): ?array
    {
        foreach ($this->attributes() as $attribute) {
            if (($attribute['id'] ?? 0) === $id) {
                return $attribute;
            }
        }

        return null;
    }

    /**
     * The seller's templates and groups.
     *
     * @return array<string, array<string, string>> kind => id => name
     */
    public function choices(): array
    {
        $choices = [];
        foreach (['freight_templates', 'service_templates', 'groups'] as $kind) {
            $choices[$kind] = array_map(strval(...), array_column((array)($this->data[$kind] ?? []), 'name', 'id'));
        }

        return $choices;
    }

    /** @param array<string, mixed> $attribute */
    public static function isListed(array $attribute): bool
    {
        return in_array($attribute['kind'] ?? '', ['one', 'many'], true);
    }

    /** @param array<string, mixed> $attribute */
    public static function takesOther(array $attribute): bool
    {
        return self::value($attribute, self::OTHER_VALUE) !== null;
    }

    /**
     * @param array<string, mixed> $attribute
     * @return array<string, mixed>|null
     */
    public static function value(array $attribute, int $id): ?array
    {
        foreach (self::values($attribute) as $value) {
            if (($value['id'] ?? 0) === $id) {
                return $value;
            }
        }

        return null;
    }

    /**
     * @param array<string, mixed> $attribute
     * @return array<int, string> id => name
     */
    public static function valueNames(array $attribute, string $language): array
    {
        $names = [];
        foreach (self::values($attribute) as $value) {
            $names[(int)($value['id'] ?? 0)] = Names::in($value['names'] ?? [], $language);
        }

        return $names;
    }

    /**
     * Values by each of their names; the first of a name wins.
     *
     * @param array<string, mixed> $attribute
     * @param \Closure(string): string $as how names are compared
     * @return array<string, int>
     */
    public static function idsByName(array $attribute, \Closure $as): array
    {
        $ids = [];
        foreach (self::values($attribute) as $value) {
            foreach ((array)($value['names'] ?? []) as $name) {
                $key = is_string($name) ? $as($name) : '';
                if ($key !== '') {
                    $ids[$key] ??= (int)($value['id'] ?? 0);
                }
            }
        }

        return $ids;
    }

    /**
     * The first values whose name in any language holds a text.
     *
     * @param array<string, mixed> $attribute
     * @return array{items: list<array{id: int, name: string}>, more: bool}
     */
    public static function search(array $attribute, string $text, string $language): array
    {
        $items = [];
        foreach (self::values($attribute) as $value) {
            $names = array_filter((array)($value['names'] ?? []), is_string(...));
            if (!Names::holds(implode("\n", $names), $text)) {
                continue;
            }
            if (count($items) >= self::PAGE) {
                return ['items' => $items, 'more' => true];
            }
            $items[] = ['id' => (int)($value['id'] ?? 0), 'name' => Names::in($names, $language)];
        }

        return ['items' => $items, 'more' => false];
    }

    /**
     * @param array<string, mixed> $attribute
     * @return list<array<string, mixed>>
     */
    private static function values(array $attribute): array
    {
        return array_values(array_filter((array)($attribute['values'] ?? []), is_array(...)));
    }
}
