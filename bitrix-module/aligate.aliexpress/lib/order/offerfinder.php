<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Sending\SentRepository;
use Aligate\Aliexpress\SkuSource;
use Bitrix\Iblock\PropertyTable;

/** Which offer or product of the shop a SKU of AliExpress is: the one that was sent under it, else the one that has it. */
final class OfferFinder
{
    public function __construct(private readonly SentRepository $sent)
    {
    }

    /**
     * @param list<string> $skus
     * @return array<string, int> SKU => element; those that nothing or several have are left out
     */
    public function find(Connection $connection, array $skus): array
    {
        $skus = array_values(array_unique(array_filter($skus, static fn (string $sku): bool => $sku !== '')));
        $elements = [];
        foreach ($this->sent->bySku($connection->id, $skus) as $row) {
            $elements[$row->sku][$row->elementId] = $row->elementId;
        }
        $found = [];
        foreach ($skus as $sku) {
            $ids = $elements[$sku] ?? $this->lookUp($connection, $sku);
            if (count($ids) === 1) {
                $found[$sku] = (int)reset($ids);
            }
        }

        return $found;
    }

    /** @return list<int> at most two: more than one is no answer */
    private function lookUp(Connection $connection, string $sku): array
    {
        $iblocks = $this->iblocks($connection);
        $field = match ($connection->skuSource) {
            SkuSource::Property => "=PROPERTY_{$connection->skuProperty}",
            SkuSource::XmlId => '=XML_ID',
            SkuSource::Code => '=CODE',
            SkuSource::Id => '=ID',
        };
        if ($iblocks === [] || ($connection->skuSource === SkuSource::Id && !ctype_digit($sku))) {
            return [];
        }
        // Offers first: a product with offers is not sold itself.
        foreach (array_reverse($iblocks) as $iblockId) {
            if ($connection->skuSource === SkuSource::Property && !self::hasProperty($iblockId, $connection->skuProperty)) {
                // The kernel leaves a filter by an unknown property out, and everything would match.
                continue;
            }
            $filter = ['IBLOCK_ID' => $iblockId, $field => $sku, 'CHECK_PERMISSIONS' => 'N'];
            $rows = \CIBlockElement::GetList(['ID' => 'ASC'], $filter, false, ['nTopCount' => 2], ['ID', 'IBLOCK_ID']);
            $ids = [];
            while ($row = $rows->Fetch()) {
                $ids[] = (int)$row['ID'];
            }
            if ($ids !== []) {
                return $ids;
            }
        }

        return [];
    }

    private static function hasProperty(int $iblockId, string $code): bool
    {
        $filter = ['=IBLOCK_ID' => $iblockId, '=CODE' => $code];

        return $code !== '' && PropertyTable::getRow(['select' => ['ID'], 'filter' => $filter]) !== null;
    }

    /** @return list<int> product infoblocks, then those of their offers */
    private function iblocks(Connection $connection): array
    {
        $offers = [];
        foreach ($connection->iblockIds as $iblockId) {
            $family = \CCatalogSku::GetInfoByProductIBlock($iblockId);
            if (is_array($family)) {
                $offers[] = (int)$family['IBLOCK_ID'];
            }
        }

        return [...$connection->iblockIds, ...$offers];
    }
}
