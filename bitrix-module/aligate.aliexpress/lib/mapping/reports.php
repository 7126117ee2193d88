<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

use Aligate\Aliexpress\Gateway\MappingFault;

/** What the gateway reports, in the seller's words and with the way to what is at fault. */
final class Reports
{
    public function __construct(
        private readonly ProductCards $cards,
        private readonly ShopProperties $properties,
        private readonly string $language,
    ) {
    }

    /**
     * What would be refused, by cause, with the cards of the products.
     *
     * @param array<array-key, mixed> $report
     * @param array<int, string> $attributes names by id
     * @return array<array-key, mixed>
     */
    public function check(array $report, array $attributes): array
    {
        $causes = array_values(array_filter((array)($report['causes'] ?? []), is_array(...)));
        $ids = [];
        foreach ($causes as $cause) {
            array_push($ids, ...array_column((array)($cause['products'] ?? []), 'product_id'));
        }
        $cards = $this->cardsOf($ids);
        foreach ($causes as $at => $cause) {
            $causes[$at]['text'] = $this->words($cause);
            foreach ((array)($cause['products'] ?? []) as $number => $product) {
                $field = ['fieldName' => $this->fieldName((string)($product['field'] ?? ''), $attributes)];
                $causes[$at]['products'][$number] += $field + ($cards[$product['product_id'] ?? ''] ?? []);
            }
        }

        return ['causes' => $causes] + $report;
    }

    /**
     * A page of listings with the cards of their products.
     *
     * @param array<array-key, mixed> $page
     * @return array{items: list<array<string, mixed>>, next: string|null}
     */
    public function listings(array $page): array
    {
        $items = array_values(array_filter((array)($page['items'] ?? []), is_array(...)));
        $cards = $this->cardsOf(array_column($items, 'product_id'));
        foreach ($items as $at => $item) {
            $items[$at] += $cards[$item['product_id'] ?? ''] ?? [];
            foreach ((array)($item['reasons'] ?? []) as $number => $one) {
                $items[$at]['reasons'][$number]['text'] = $this->words((array)$one);
            }
        }

        return ['items' => $items, 'next' => $page['next'] ?? null];
    }

    /**
     * Faults of a mapping, with the names of sections and attributes instead of places in lists.
     *
     * @param list<MappingFault> $faults
     * @param array<int, string> $attributes names by id
     * @return list<array{sectionPath: string, attribute: string, path: string, code: string, text: string}>
     */
    public function faults(array $faults, Mapping $mapping, SectionTable $sections, array $attributes): array
    {
        $shown = [];
        foreach ($faults as $fault) {
            $place = FaultPlace::of($fault->path, $mapping);
            $section = $place->section === '' ? '' : ($sections->find($place->section)?->path ?? "#$place->section");
            $shown[] = [
                'sectionPath' => $section,
                'attribute' => $place->attribute === 0 ? '' : ($attributes[$place->attribute] ?? "#$place->attribute"),
                'path' => $place->rest,
                'code' => $fault->code,
                'text' => $this->language === 'ru' ? $fault->russian : $fault->english,
            ];
        }

        return $shown;
    }

    /** @param array<array-key, mixed> $of what the gateway says in both languages */
    private function words(array $of): string
    {
        return (string)($of[$this->language] ?? $of['en'] ?? $of['code'] ?? '');
    }

    /**
     * @param array<mixed> $productIds
     * @return array<string, array{url: string, section: string}>
     */
    private function cardsOf(array $productIds): array
    {
        return $this->cards->of(array_values(array_unique(array_map(strval(...), $productIds))), $this->language);
    }

    /**
     * What a field of a product is called; null where its fault says enough.
     *
     * @param array<int, string> $attributes names by id
     */
    private function fieldName(string $field, array $attributes): ?string
    {
        if (preg_match('/\Aattributes\.([0-9]+)\z/', $field, $found) === 1) {
            return $attributes[(int)$found[1]] ?? null;
        }
        $code = preg_match('/\Aoffers\..*\.properties\.([^.]+)\z/s', $field, $found) === 1 ? $found[1] : '';

        return $code === '' ? null : $this->properties->byCode($code, true)?->name();
    }
}
