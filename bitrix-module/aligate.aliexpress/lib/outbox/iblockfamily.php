<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

use Bitrix\Main\DB\Connection as Database;

/** The infoblocks whose elements are goods: the product infoblocks of the settings and those of their offers. */
final class IblockFamily
{
    public function __construct(private readonly Database $database)
    {
    }

    /**
     * @param list<int> $iblockIds product infoblocks
     * @return array<int, int> infoblock of products or offers => its product infoblock
     */
    public function of(array $iblockIds): array
    {
        $family = array_combine($iblockIds, $iblockIds);
        if ($iblockIds === []) {
            return $family;
        }
        $rows = $this->database->query(
            'SELECT IBLOCK_ID, PRODUCT_IBLOCK_ID FROM b_catalog_iblock WHERE PRODUCT_IBLOCK_ID IN ('
            . implode(',', $iblockIds) . ')'
        );
        while ($row = $rows->fetch()) {
            $family[(int)$row['IBLOCK_ID']] = (int)$row['PRODUCT_IBLOCK_ID'];
        }

        return $family;
    }
}
