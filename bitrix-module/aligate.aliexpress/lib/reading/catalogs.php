<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** Which infoblocks hold the offers of a connection's products, and by which property an offer names its product. */
final class Catalogs
{
    /**
     * @param list<int> $productIblockIds
     * @param array<int, OfferLink> $links infoblock of offers => its link
     */
    public function __construct(public readonly array $productIblockIds, public readonly array $links)
    {
    }

    /** @param list<int> $productIblockIds */
    public static function read(Rows $rows, array $productIblockIds): self
    {
        if ($productIblockIds === []) {
            return new self([], []);
        }
        $found = $rows->all(
            'SELECT c.IBLOCK_ID, c.PRODUCT_IBLOCK_ID, c.SKU_PROPERTY_ID, i.VERSION FROM b_catalog_iblock c'
            . ' INNER JOIN b_iblock i ON i.ID = c.IBLOCK_ID WHERE c.SKU_PROPERTY_ID > 0'
            . ' AND c.PRODUCT_IBLOCK_ID IN (' . Rows::list($productIblockIds) . ')'
        );
        $links = [];
        foreach ($found as $row) {
            $links[(int)$row['IBLOCK_ID']] = new OfferLink(
                (int)$row['IBLOCK_ID'],
                (int)$row['PRODUCT_IBLOCK_ID'],
                (int)$row['SKU_PROPERTY_ID'],
                $row['VERSION'] === '2',
            );
        }

        return new self($productIblockIds, $links);
    }

    /** @return list<int> of products and of offers */
    public function iblockIds(): array
    {
        return array_values(array_unique([...$this->productIblockIds, ...array_keys($this->links)]));
    }
}
