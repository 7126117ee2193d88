<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/** The attributes of a section's category and where their values come from: what must be there first. */
final class AttributeTable
{
    public function __construct(
        private readonly Schema $schema,
        private readonly Mapping $mapping,
        private readonly ShopProperties $properties,
        private readonly string $section,
        private readonly string $language,
    ) {
    }

    /** Mandatory attributes that nothing is said of. */
    public function missing(): int
    {
        return count(array_filter($this->schema->attributes(), fn (array $one): bool => ($one['required'] ?? false) === true
            && $this->mapping->scopeOf($this->section, ($one['sku'] ?? false) === true, (int)$one['id']) === null));
    }

    /** @return list<array<string, mixed>> */
    public function rows(): array
    {
        $properties = [false => $this->properties->all(false), true => $this->properties->all(true)];
        $rows = [];
        foreach ($this->schema->attributes() as $place => $attribute) {
            $row = $this->row($attribute, $properties[($attribute['sku'] ?? false) === true]);
            $rank = $row['required'] ? 0 : ($row['sku'] ? 1 : ($row['recommended'] ? 2 : 3));
            $rows[] = [$rank, $row['scope'] === null ? 0 : 1, $place, $row];
        }
        usort($rows, static fn (array $one, array $other): int => array_slice($one, 0, 3) <=> array_slice($other, 0, 3));

        return array_column($rows, 3);
    }

    /**
     * @param array<string, mixed> $attribute
     * @param array<string, ShopProperty> $properties
     * @return array<string, mixed>
     */
    private function row(array $attribute, array $properties): array
    {
        $id = (int)$attribute['id'];
        $isOfSku = ($attribute['sku'] ?? false) === true;
        $scope = $this->mapping->scopeOf($this->section, $isOfSku, $id);
        $line = $scope === null ? null : $this->mapping->attribute($scope, $isOfSku, $id);
        $names = is_array($attribute['names'] ?? null) ? $attribute['names'] : [];
        $isListed = Schema::isListed($attribute);

        return [
            'id' => $id,
            'name' => Names::in($names, $this->language),
            'sku' => $isOfSku,
            'required' => ($attribute['required'] ?? false) === true,
            'recommended' => ($attribute['recommended'] ?? false) === true,
            'kind' => (string)($attribute['kind'] ?? ''),
            'listed' => $isListed,
            'units' => array_values(array_filter((array)($attribute['units'] ?? []), is_string(...))),
            'values' => Schema::total($attribute),
            'sometimes' => $attribute['when'] !== [],
            'takesOther' => $isListed && Schema::takesOther($attribute),
            'customNames' => ($attribute['custom_names'] ?? false) === true,
            'customPictures' => ($attribute['custom_pictures'] ?? false) === true,
            'scope' => $scope === null ? null : ($scope === '' ? 'common' : 'section'),
            'line' => $line === null ? null : $this->line($line, $attribute, $properties),
            'suggestion' => $line === null ? $this->suggestion($id, $names, $properties) : null,
        ];
    }

    /**
     * A line as a page changes it: without its pairs, with the names of what it refers to.
     *
     * @param array<string, mixed> $line
     * @param array<string, mixed> $attribute
     * @param array<string, ShopProperty> $properties
     * @return array<string, mixed>
     */
    private function line(array $line, array $attribute, array $properties): array
    {
        $pairs = count((array)($line['values'] ?? []));
        unset($line['values']);
        $names = [];
        if (is_string($line['property'] ?? null)) {
            $property = $properties[$line['property']] ?? null;
            $names = ['property' => $property?->name(), 'sent' => $property !== null && $this->properties->isSent($property)];
        }
        if (isset($line['value_id'])) {
            $value = Schema::value($attribute, (int)$line['value_id']);
            $names['value'] = $value === null ? null : Names::in($value['names'] ?? [], $this->language);
        }

        return $line + ['pairs' => $pairs, 'shown' => $names];
    }

    /**
     * The property of the same name, and for the brand the property of the settings.
     *
     * @param array<array-key, mixed> $names
     * @param array<string, ShopProperty> $properties
     * @return array<string, mixed>|null
     */
    private function suggestion(int $id, array $names, array $properties): ?array
    {
        if ($id === Schema::BRAND && $this->properties->brand() !== null) {
            return ['brand' => true];
        }
        $plain = array_filter(array_map(Names::plain(...), array_filter($names, is_string(...))));
        foreach ($properties as $property) {
            if (in_array(Names::plain($property->name()), $plain, true)) {
                return ['property' => $property->code, 'name' => $property->name()];
            }
        }

        return null;
    }
}
