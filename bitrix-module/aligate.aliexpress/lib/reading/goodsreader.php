<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** Products, their offers and their sections, in a few queries however many they are. */
final class GoodsReader
{
    /** Of `b_catalog_product`: sold by offers, and the same without offers. */
    private const TYPES_OF_PARENTS = '3, 6';

    private readonly ElementReader $elements;
    private readonly SectionReader $sections;

    public function __construct(private readonly Rows $rows)
    {
        $this->elements = new ElementReader($rows);
        $this->sections = new SectionReader($rows);
    }

    /**
     * Products come with their offers, offers with their products.
     *
     * @param list<int> $ids products and offers
     * @param list<int> $wholeIds products and offers whose whole products are read, with all offers, and all with texts
     */
    public function read(Catalogs $catalogs, array $ids, array $wholeIds): Goods
    {
        $iblockIds = $catalogs->iblockIds();
        $withContent = $wholeIds !== [];
        $elements = $this->elements->read(self::ids([...$ids, ...$wholeIds]), $iblockIds, $withContent);
        $isOffer = static fn (Element $one): bool => isset($catalogs->links[$one->iblockId]);
        $offerIds = array_keys(array_filter($elements, $isOffer));
        $productOf = $this->links($catalogs, $elements, $offerIds, []);
        $products = array_diff(array_keys($elements), $offerIds);
        foreach ($wholeIds as $id) {
            $products[] = $productOf[$id] ?? $id;
        }
        $siblings = $this->links($catalogs, $elements, [], self::ids($products));
        $productOf += $siblings;
        $missing = array_diff([...$productOf, ...array_keys($siblings)], array_keys($elements));
        $elements += $this->elements->read(self::ids($missing), $iblockIds, $withContent);
        $offersOf = [];
        foreach (array_intersect_key($siblings, $elements) as $offerId => $productId) {
            $offersOf[$productId][] = $offerId;
        }
        [$elements, $productOf] = self::withoutOrphans($catalogs, $elements, $productOf);
        $products = array_values(array_diff(array_keys($elements), array_keys($productOf)));
        $sectionsOf = $this->sections->ofElements($products);
        $sectionIds = array_merge([], ...$sectionsOf);
        foreach ($products as $id) {
            $sectionIds[] = $elements[$id]->sectionId;
        }

        $sections = $this->sections->read($sectionIds);
        $emptied = $catalogs->links === [] ? [] : $this->emptied(array_diff($products, array_keys($offersOf)));

        return new Goods($elements, $productOf, $offersOf, $sectionsOf, $sections, $emptied);
    }

    /**
     * @param array<int> $productIds products without offers
     * @return array<int, true> those that are sold by offers all the same
     */
    private function emptied(array $productIds): array
    {
        $rows = $productIds === [] ? [] : $this->rows->all(
            'SELECT ID FROM b_catalog_product WHERE TYPE IN (' . self::TYPES_OF_PARENTS . ')'
            . ' AND ID IN (' . Rows::list($productIds) . ')'
        );

        return array_fill_keys(array_map(static fn (array $row): int => (int)$row['ID'], $rows), true);
    }

    /**
     * @param array<int, Element> $elements
     * @param list<int> $offerIds
     * @param list<int> $productIds
     * @return array<int, int> offer => product
     */
    private function links(Catalogs $catalogs, array $elements, array $offerIds, array $productIds): array
    {
        $productOf = [];
        foreach ($catalogs->links as $link) {
            $isHere = static fn (int $id): bool => $elements[$id]->iblockId === $link->iblockId;
            $pairs = $link->sql(array_values(array_filter($offerIds, $isHere)), $productIds);
            $sql = "SELECT OFFER_ID, PRODUCT_ID FROM ($pairs) AS LINKS ORDER BY OFFER_ID";
            foreach ($pairs === '' ? [] : $this->rows->all($sql) as $row) {
                if ((int)$row['PRODUCT_ID'] > 0) {
                    $productOf[(int)$row['OFFER_ID']] = (int)$row['PRODUCT_ID'];
                }
            }
        }

        return $productOf;
    }

    /**
     * An offer without its product is nothing that is sold.
     *
     * @param array<int, Element> $elements
     * @param array<int, int> $productOf
     * @return array{array<int, Element>, array<int, int>}
     */
    private static function withoutOrphans(Catalogs $catalogs, array $elements, array $productOf): array
    {
        $isKept = static fn (Element $one): bool => !isset($catalogs->links[$one->iblockId])
            || isset($elements[$productOf[$one->id] ?? 0]);
        $elements = array_filter($elements, $isKept);

        return [$elements, array_intersect_key($productOf, $elements)];
    }

    /**
     * @param array<int> $ids
     * @return list<int>
     */
    private static function ids(array $ids): array
    {
        return array_values(array_unique($ids));
    }
}
