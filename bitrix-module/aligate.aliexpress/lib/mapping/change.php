<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/** What a page does to a mapping, before it is kept or only checked. */
final class Change
{
    /**
     * The form of a section: attributes, constants, templates.
     *
     * @param array<array-key, mixed> $posted `lines`, `settings`, `title`, `description`; `everywhere`: the section's own
     *     goes to all sections of its category
     * @throws InputInvalid naming the field
     */
    public static function ofSection(Mapping $mapping, string $section, array $posted): void
    {
        $isEverywhere = ($posted['everywhere'] ?? false) === true;
        $sections = $isEverywhere ? $mapping->sectionsOf($mapping->category($section)) : [$section];
        $settings = Input::settings((array)($posted['settings'] ?? []));
        $lines = array_filter((array)($posted['lines'] ?? []), is_array(...));
        foreach ($lines as $line) {
            self::line($mapping, $section, $sections, $line);
        }
        foreach ($sections as $one) {
            if (isset($posted['settings'])) {
                $mapping->putSettings($one, $settings);
            }
            foreach (['title', 'description'] as $field) {
                if (array_key_exists($field, $posted)) {
                    $template = Input::text($posted[$field]);
                    $mapping->putTemplate($one, $field, $template === '' ? null : $template);
                }
            }
        }
    }

    /**
     * Properties fill attributes of every category.
     *
     * @param array<array-key, string> $properties attribute => code of a property
     */
    public static function ofProperties(Mapping $mapping, array $properties, bool $isOfSku): void
    {
        foreach ($properties as $attribute => $property) {
            $line = Input::attribute(['attribute' => $attribute, 'property' => $property]);
            if ($line !== null && $line['attribute'] > 0) {
                $mapping->putAttribute('', $isOfSku, $line, $mapping->attribute('', $isOfSku, $line['attribute']));
            }
        }
    }

    /**
     * The form of what holds for every category.
     *
     * @param array<array-key, mixed> $posted
     * @throws InputInvalid naming the field
     */
    public static function ofCommon(Mapping $mapping, array $posted): void
    {
        $mapping->putGeneral(Input::text($posted['language'] ?? null), Input::price((array)($posted['price'] ?? [])));
        $mapping->putSettings('', Input::settings((array)($posted['settings'] ?? [])));
        foreach (['title', 'description'] as $field) {
            $template = Input::text($posted[$field] ?? null);
            $mapping->putTemplate('', $field, $template === '' ? null : $template);
        }
        foreach (array_filter((array)($posted['drop'] ?? []), is_array(...)) as $one) {
            $mapping->dropAttribute('', ($one['sku'] ?? false) === true, (int)($one['id'] ?? 0));
        }
    }

    /**
     * @param list<string> $sections
     * @param array<array-key, mixed> $posted
     */
    private static function line(Mapping $mapping, string $section, array $sections, array $posted): void
    {
        $attribute = (int)Input::text($posted['attribute'] ?? null);
        $isOfSku = ($posted['sku'] ?? false) === true;
        $scope = $mapping->scopeOf($section, $isOfSku, $attribute);
        $before = $scope === null ? null : $mapping->attribute($scope, $isOfSku, $attribute);
        $line = Input::attribute($posted);
        if ($line === null) {
            foreach ($scope === '' ? [''] : $sections as $one) {
                $mapping->dropAttribute($one, $isOfSku, $attribute);
            }
        } elseif (($posted['scope'] ?? '') === 'section') {
            foreach ($sections as $one) {
                $mapping->putAttribute($one, $isOfSku, $line, $before);
            }
        } else {
            // Its own line would go before what holds for all.
            $mapping->dropAttribute($section, $isOfSku, $attribute);
            $mapping->putAttribute('', $isOfSku, $line, $before);
        }
    }
}
