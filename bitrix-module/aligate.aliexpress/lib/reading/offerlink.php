<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** How the offers of an infoblock name their products. */
final class OfferLink
{
    /** @param bool $isSeparate whether the infoblock keeps its properties in tables of its own ("version 2") */
    public function __construct(
        public readonly int $iblockId,
        public readonly int $productIblockId,
        public readonly int $propertyId,
        public readonly bool $isSeparate,
    ) {
    }

    /**
     * Pairs of offer and product, where either is among the ids.
     *
     * @param list<int> $offerIds
     * @param list<int> $productIds
     */
    public function sql(array $offerIds, array $productIds): string
    {
        if ($this->isSeparate) {
            $select = "SELECT IBLOCK_ELEMENT_ID AS OFFER_ID, PROPERTY_{$this->propertyId} AS PRODUCT_ID"
                . " FROM b_iblock_element_prop_s{$this->iblockId} WHERE";
            $product = "PROPERTY_{$this->propertyId}";
        } else {
            $select = 'SELECT IBLOCK_ELEMENT_ID AS OFFER_ID, VALUE_NUM AS PRODUCT_ID'
                . " FROM b_iblock_element_property WHERE IBLOCK_PROPERTY_ID = {$this->propertyId} AND";
            $product = 'VALUE_NUM';
        }
        $parts = [];
        if ($offerIds !== []) {
            $parts[] = "$select IBLOCK_ELEMENT_ID IN (" . Rows::list($offerIds) . ')';
        }
        if ($productIds !== []) {
            $parts[] = "$select $product IN (" . Rows::list($productIds) . ')';
        }

        return implode(' UNION ', $parts);
    }
}
