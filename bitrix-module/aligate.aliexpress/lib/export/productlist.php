<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Export;

use Bitrix\Main\DB\Connection as Database;
use Bitrix\Main\Loader;

/** The products of infoblocks by growing id: what a full export walks along. Drafts of the workflow are left out. */
final class ProductList
{
    public function __construct(private readonly Database $database)
    {
    }

    /**
     * @param list<int> $iblockIds
     * @param int $sectionId with those below it; 0: whole infoblocks
     */
    public function count(array $iblockIds, int $sectionId): int
    {
        if ($iblockIds === []) {
            return 0;
        }

        return (int)$this->database->queryScalar('SELECT COUNT(*)' . $this->from($iblockIds, $sectionId));
    }

    /**
     * @param list<int> $iblockIds
     * @return list<int> up to `limit` ids above `afterId`
     */
    public function page(array $iblockIds, int $sectionId, int $afterId, int $limit): array
    {
        if ($iblockIds === []) {
            return [];
        }
        $rows = $this->database->query(
            'SELECT E.ID' . $this->from($iblockIds, $sectionId) . " AND E.ID > $afterId ORDER BY E.ID LIMIT $limit"
        );
        $ids = [];
        while ($row = $rows->fetch()) {
            $ids[] = (int)$row['ID'];
        }

        return $ids;
    }

    /**
     * What of these products has stock and prices of its own: their offers, and those without offers themselves.
     *
     * @param non-empty-list<int> $productIds
     * @return list<int>
     */
    public function sellable(array $productIds): array
    {
        $sellable = array_combine($productIds, $productIds);
        foreach ($this->offers($productIds) as $offerId => $productId) {
            unset($sellable[$productId]);
            $sellable[$offerId] = $offerId;
        }

        return array_values($sellable);
    }

    /**
     * @param non-empty-list<int> $productIds
     * @return array<int, int> offer => product
     */
    private function offers(array $productIds): array
    {
        $offers = [];
        if (!Loader::includeModule('catalog')) {
            return [];
        }
        foreach (\CCatalogSku::getOffersList($productIds) ?: [] as $productId => $ofProduct) {
            foreach (array_keys($ofProduct) as $offerId) {
                $offers[(int)$offerId] = (int)$productId;
            }
        }

        return $offers;
    }

    /** @param non-empty-list<int> $iblockIds */
    private function from(array $iblockIds, int $sectionId): string
    {
        $iblocks = implode(',', array_map(intval(...), $iblockIds));
        $from = " FROM b_iblock_element E WHERE E.IBLOCK_ID IN ($iblocks)"
            . ' AND (E.WF_PARENT_ELEMENT_ID IS NULL OR E.WF_PARENT_ELEMENT_ID = 0)';
        if ($sectionId < 1) {
            return $from;
        }

        return $from . ' AND EXISTS (SELECT 1 FROM b_iblock_section_element SE'
            . ' INNER JOIN b_iblock_section S ON S.ID = SE.IBLOCK_SECTION_ID'
            . " INNER JOIN b_iblock_section R ON R.ID = $sectionId AND R.IBLOCK_ID = S.IBLOCK_ID"
            . ' AND S.LEFT_MARGIN >= R.LEFT_MARGIN AND S.RIGHT_MARGIN <= R.RIGHT_MARGIN'
            . ' WHERE SE.IBLOCK_ELEMENT_ID = E.ID)';
    }
}
