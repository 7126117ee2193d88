<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/** The shop's sections beside their categories, filtered and page by page. Pure. */
final class SectionTable
{
    public const PAGE = 50;

    /** @param list<ShopSection> $sections by their paths */
    public function __construct(private readonly array $sections, private readonly Mapping $mapping)
    {
    }

    /**
     * What is done and what is left, counted over sections that have products.
     *
     * @return array{sections: int, withProducts: int, mapped: int, products: int, unmappedProducts: int}
     */
    public function counts(): array
    {
        $counts = ['sections' => count($this->sections), 'withProducts' => 0, 'mapped' => 0, 'products' => 0, 'unmappedProducts' => 0];
        foreach ($this->sections as $section) {
            $isMapped = $this->mapping->category((string)$section->id) > 0;
            $counts['products'] += $section->products;
            $counts['unmappedProducts'] += $isMapped ? 0 : $section->products;
            $counts['withProducts'] += $section->products > 0 ? 1 : 0;
            $counts['mapped'] += $isMapped && $section->products > 0 ? 1 : 0;
        }

        return $counts;
    }

    /**
     * @param string $cursor the last section of the page before; '' for the first page
     * @return array{items: list<array{id: string, path: string, products: int, category: int}>, next: string|null, matched: int}
     */
    public function page(SectionFilter $filter, string $cursor = ''): array
    {
        $matching = $this->matching($filter);
        $at = 0;
        foreach ($matching as $place => $section) {
            if ((string)$section->id === $cursor) {
                $at = $place + 1;
                break;
            }
        }
        $page = array_slice($matching, $at, self::PAGE);
        $items = array_map(fn (ShopSection $section): array => [
            'id' => (string)$section->id,
            'path' => $section->path,
            'products' => $section->products,
            'category' => $this->mapping->category((string)$section->id),
        ], $page);
        $hasMore = count($matching) > $at + count($page);

        return ['items' => $items, 'next' => $hasMore ? (string)end($page)->id : null, 'matched' => count($matching)];
    }

    /** @return list<ShopSection> */
    public function matching(SectionFilter $filter): array
    {
        return array_values(array_filter(
            $this->sections,
            fn (ShopSection $one): bool => $filter->lets($one, $this->mapping->category((string)$one->id)),
        ));
    }

    /**
     * These sections and, where wanted, all below them; ids that are none of the shop's are left out.
     *
     * @param list<string> $ids
     * @return list<string>
     */
    public function with(array $ids, bool $withBelow): array
    {
        $wanted = array_flip(array_map(intval(...), $ids));
        $found = array_filter($this->sections, static fn (ShopSection $one): bool => isset($wanted[$one->id])
            || ($withBelow && array_intersect_key(array_flip($one->above), $wanted) !== []));

        return array_values(array_map(static fn (ShopSection $one): string => (string)$one->id, $found));
    }

    public function find(string $id): ?ShopSection
    {
        foreach ($this->sections as $section) {
            if ((string)$section->id === $id) {
                return $section;
            }
        }

        return null;
    }
}
