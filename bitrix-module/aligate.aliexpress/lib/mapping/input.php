<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/** What a page posted about a mapping, in the shape that the gateway takes. Ranges are the gateway's to judge. */
final class Input
{
    private const INTEGERS = [
        'length_cm', 'width_cm', 'height_cm', 'lead_time_days', 'freight_template_id', 'service_template_id', 'group_id',
        'unit', 'size_chart_id',
    ];
    private const DEDUCTIONS = ['place_order_withhold', 'payment_success_deduct'];
    private const ROUNDINGS = ['nearest', 'up', 'down'];

    /**
     * @return array<array-key, mixed>
     * @throws InputInvalid where it is no JSON object or list
     */
    public static function decode(string $json): array
    {
        $decoded = json_decode($json, true, 16);

        return is_array($decoded) ? $decoded : throw new InputInvalid('', 'unreadable');
    }

    /**
     * Where an attribute's value comes from.
     *
     * @param array<array-key, mixed> $posted
     * @return array<string, mixed>|null null: from nowhere
     */
    public static function attribute(array $posted): ?array
    {
        $line = ['attribute' => self::id($posted['attribute'] ?? null)];
        foreach (['property', 'text', 'unit'] as $field) {
            $text = self::text($posted[$field] ?? null);
            if ($text !== '') {
                $line[$field] = $text;
            }
        }
        if (self::id($posted['value_id'] ?? null) > 0) {
            $line['value_id'] = self::id($posted['value_id']);
        }
        foreach (['brand', 'other', 'custom_names', 'pictures'] as $flag) {
            if (($posted[$flag] ?? false) === true) {
                $line[$flag] = true;
            }
        }
        $sources = array_intersect_key($line, array_flip(['property', 'text', 'value_id', 'brand']));

        return $sources === [] ? null : $line;
    }

    /**
     * Constants and defaults; what is empty is left out.
     *
     * @param array<array-key, mixed> $posted
     * @return array<string, mixed>
     * @throws InputInvalid naming the field
     */
    public static function settings(array $posted): array
    {
        $settings = [];
        $weight = strtr(self::text($posted['weight_kg'] ?? null), ',', '.');
        if ($weight !== '') {
            $settings['weight_kg'] = self::decimal('weight_kg', $weight, 3);
        }
        foreach (self::INTEGERS as $field) {
            $text = self::text($posted[$field] ?? null);
            if ($text !== '') {
                $settings[$field] = preg_match('/\A[0-9]{1,18}\z/', $text) === 1 ? (int)$text : throw new InputInvalid($field, 'number');
            }
        }
        if (in_array($posted['deduction'] ?? '', self::DEDUCTIONS, true)) {
            $settings['deduction'] = $posted['deduction'];
        }
        if (in_array($posted['barcodes'] ?? '', ['Y', 'N'], true)) {
            $settings['barcodes'] = $posted['barcodes'] === 'Y';
        }

        return $settings;
    }

    /**
     * How the shop's prices become those of AliExpress.
     *
     * @param array<array-key, mixed> $posted
     * @return array<string, mixed>
     * @throws InputInvalid naming the field
     */
    public static function price(array $posted): array
    {
        $rounding = $posted['rounding'] ?? '';
        $price = ['rounding' => in_array($rounding, self::ROUNDINGS, true) ? $rounding : 'nearest'];
        foreach (['factor', 'step', 'floor'] as $field) {
            $text = strtr(self::text($posted[$field] ?? null), ',', '.');
            if ($text !== '') {
                $price[$field] = self::decimal($field, $text, $field === 'factor' ? 4 : 2);
            }
        }
        $percent = self::text($posted['percent'] ?? null);
        $price['discount'] = match ($posted['discount'] ?? '') {
            'none' => 'none',
            'percent' => preg_match('/\A[0-9]{1,2}\z/', $percent) === 1
                ? ['percent' => (int)$percent]
                : throw new InputInvalid('percent', 'number'),
            default => 'shop',
        };

        return $price;
    }

    /**
     * Pairs of values.
     *
     * @param array<array-key, mixed> $posted
     * @return array<array-key, int> 0 takes a pair away
     */
    public static function pairs(array $posted): array
    {
        return array_map(self::id(...), $posted);
    }

    public static function text(mixed $posted): string
    {
        return is_string($posted) || is_int($posted) ? trim((string)$posted) : '';
    }

    /** @return list<string> */
    public static function texts(mixed $posted): array
    {
        return is_array($posted) ? array_values(array_filter(array_map(self::text(...), $posted))) : [];
    }

    private static function id(mixed $posted): int
    {
        $text = self::text($posted);

        return preg_match('/\A[0-9]{1,18}\z/', $text) === 1 ? (int)$text : 0;
    }

    private static function decimal(string $field, string $text, int $digits): string
    {
        return preg_match("/\\A[0-9]{1,9}(\\.[0-9]{1,$digits})?\\z/", $text) === 1 ? $text : throw new InputInvalid($field, 'number');
    }
}
