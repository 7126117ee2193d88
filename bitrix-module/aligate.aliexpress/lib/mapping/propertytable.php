<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/** The shop's properties beside the attributes that they fill: filtered, page by page, and what their names suggest. */
final class PropertyTable
{
    public const PAGE = 50;

    /** @var array<string, array<int, int>> property => attribute => sections that say so; 0 for every category */
    private array $uses = [];

    /** @var array<string, array{id: int, name: string}> plain name => attribute that nothing fills yet */
    private array $free = [];

    /**
     * @param array<string, ShopProperty> $properties
     * @param Schema $schema of the category whose attributes are suggested
     * @param array<int, string> $attributes names by id
     */
    public function __construct(
        private readonly array $properties,
        private readonly Mapping $mapping,
        private readonly Schema $schema,
        private readonly array $attributes,
        private readonly bool $isOfSku,
        private readonly string $language,
    ) {
        foreach (['', ...array_map(strval(...), array_keys($mapping->categories()))] as $scope) {
            foreach ($mapping->attributes($scope, $isOfSku) as $line) {
                $id = (int)($line['attribute'] ?? 0);
                $count = $this->uses[$line['property'] ?? ''][$id] ?? null;
                $this->uses[$line['property'] ?? ''][$id] = $scope === '' || $count === 0 ? 0 : (int)$count + 1;
            }
        }
        foreach ($schema->attributes() as $attribute) {
            $isFree = ($attribute['sku'] ?? false) === $isOfSku && $mapping->attribute('', $isOfSku, (int)$attribute['id']) === null;
            foreach ($isFree ? array_filter((array)($attribute['names'] ?? []), is_string(...)) : [] as $name) {
                $this->free[Names::plain($name)] ??= ['id' => (int)$attribute['id'], 'name' => Names::in($attribute['names'], $language)];
            }
        }
    }

    /**
     * @param string $state `all`, `unused` or `used`
     * @param string $cursor code of the last property of the page before; '' for the first page
     * @return array{items: list<array<string, mixed>>, next: string|null, matched: int, offered: int}
     */
    public function page(string $search, string $state, string $cursor): array
    {
        $matching = array_values(array_filter($this->properties, fn (ShopProperty $one): bool => match ($state) {
            'unused' => !isset($this->uses[$one->code]),
            'used' => isset($this->uses[$one->code]),
            default => true,
        } && Names::holds("{$one->name()}\n$one->code", $search)));
        $at = array_search($cursor, array_map(static fn (ShopProperty $one): string => $one->code, $matching), true);
        $page = array_slice($matching, $at === false ? 0 : $at + 1, self::PAGE);
        $last = $page === [] ? null : end($page)->code;
        $items = array_map(fn (ShopProperty $one): array => [
            'code' => $one->code,
            'name' => $one->name(),
            'uses' => $this->usesOf($one->code),
            'offer' => $this->offer($one),
        ], $page);

        return [
            'items' => $items,
            'next' => $last === null || $last === end($matching)->code ? null : $last,
            'matched' => count($matching),
            'offered' => count($this->matches()),
        ];
    }

    /**
     * Attributes that nothing fills yet and the properties of the same name.
     *
     * @return array<int, string> attribute => code of a property
     */
    public function matches(): array
    {
        $matches = [];
        foreach ($this->properties as $property) {
            $offer = $this->offer($property);
            if ($offer !== null) {
                $matches[$offer['id']] ??= $property->code;
            }
        }

        return $matches;
    }

    /**
     * The attributes of the category that a property may fill, by a part of their names.
     *
     * @return array{items: list<array{id: int, name: string, required: bool}>, more: bool}
     */
    public function attributes(string $search): array
    {
        $items = [];
        foreach ($this->schema->attributes() as $attribute) {
            $names = array_filter((array)($attribute['names'] ?? []), is_string(...));
            if (($attribute['sku'] ?? false) === $this->isOfSku && Names::holds(implode("\n", $names), $search)) {
                $items[] = [
                    'id' => (int)$attribute['id'],
                    'name' => Names::in($names, $this->language),
                    'required' => ($attribute['required'] ?? false) === true,
                ];
            }
        }

        return ['items' => array_slice($items, 0, self::PAGE), 'more' => count($items) > self::PAGE];
    }

    /** @return array{id: int, name: string}|null the attribute of the same name, for a property that fills none */
    private function offer(ShopProperty $property): ?array
    {
        return isset($this->uses[$property->code]) ? null : $this->free[Names::plain($property->name())] ?? null;
    }

    /** @return list<array{name: string, sections: int}> */
    private function usesOf(string $code): array
    {
        $uses = [];
        foreach ($this->uses[$code] ?? [] as $attribute => $sections) {
            $uses[] = ['name' => $this->attributes[$attribute] ?? "#$attribute", 'sections' => $sections];
        }

        return $uses;
    }
}
