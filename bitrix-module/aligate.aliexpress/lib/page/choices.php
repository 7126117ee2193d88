<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Page;

use Bitrix\Catalog\CatalogIblockTable;
use Bitrix\Catalog\GroupTable;
use Bitrix\Catalog\StoreTable;
use Bitrix\Iblock\IblockTable;
use Bitrix\Iblock\PropertyTable;
use Bitrix\Main\Loader;
use Bitrix\Main\SiteTable;
use Bitrix\Sale\Delivery\Services\Table as DeliveryTable;
use Bitrix\Sale\Internals\OrderPropsTable;
use Bitrix\Sale\Internals\PaySystemActionTable;
use Bitrix\Sale\Internals\PersonTypeTable;
use Bitrix\Sale\OrderStatus;

/** What of the shop the settings may name: value => label, read when a form is shown. Lists are cut at a limit. */
final class Choices
{
    private const LIMIT = 500;

    /** @return array<int, string> product infoblocks that are catalogues; those of offers follow their products */
    public function iblocks(): array
    {
        if (!Loader::includeModule('catalog') || !Loader::includeModule('iblock')) {
            return [];
        }
        $products = [];
        $rows = CatalogIblockTable::getList(['select' => ['IBLOCK_ID', 'PRODUCT_IBLOCK_ID']]);
        while ($row = $rows->fetch()) {
            $products[] = (int)$row['PRODUCT_IBLOCK_ID'] > 0 ? (int)$row['PRODUCT_IBLOCK_ID'] : (int)$row['IBLOCK_ID'];
        }
        if ($products === []) {
            return [];
        }

        return self::labels(IblockTable::getList([
            'select' => ['ID', 'NAME'],
            'filter' => ['@ID' => array_values(array_unique($products))],
            'order' => ['NAME' => 'ASC'],
            'limit' => self::LIMIT,
        ]));
    }

    /** @return array<int, string> */
    public function priceTypes(): array
    {
        return Loader::includeModule('catalog') ? self::labels(GroupTable::getList([
            'select' => ['ID', 'NAME'],
            'order' => ['SORT' => 'ASC', 'ID' => 'ASC'],
            'limit' => self::LIMIT,
        ])) : [];
    }

    /** @return array<int, string> */
    public function warehouses(): array
    {
        return Loader::includeModule('catalog') ? self::labels(StoreTable::getList([
            'select' => ['ID', 'NAME' => 'TITLE'],
            'filter' => ['=ACTIVE' => 'Y'],
            'order' => ['SORT' => 'ASC', 'ID' => 'ASC'],
            'limit' => self::LIMIT,
        ])) : [];
    }

    /**
     * Properties by code, of these infoblocks and of their offers.
     *
     * @param list<int> $iblockIds
     * @return array<string, string>
     */
    public function properties(array $iblockIds): array
    {
        if ($iblockIds === [] || !Loader::includeModule('iblock') || !Loader::includeModule('catalog')) {
            return [];
        }
        foreach ($iblockIds as $iblockId) {
            $offers = \CCatalogSku::GetInfoByProductIBlock($iblockId);
            if (is_array($offers)) {
                $iblockIds[] = (int)$offers['IBLOCK_ID'];
            }
        }
        $rows = PropertyTable::getList([
            'select' => ['CODE', 'NAME'],
            'filter' => ['@IBLOCK_ID' => $iblockIds, '=ACTIVE' => 'Y'],
            'order' => ['SORT' => 'ASC', 'ID' => 'ASC'],
            'limit' => self::LIMIT,
        ]);
        $properties = [];
        while ($row = $rows->fetch()) {
            if ((string)$row['CODE'] !== '') {
                $properties[(string)$row['CODE']] ??= "{$row['NAME']} [{$row['CODE']}]";
            }
        }

        return $properties;
    }

    /** @return array<string, string> */
    public function sites(): array
    {
        $rows = SiteTable::getList(['select' => ['LID', 'NAME'], 'order' => ['SORT' => 'ASC'], 'limit' => self::LIMIT]);
        $sites = [];
        while ($row = $rows->fetch()) {
            $sites[(string)$row['LID']] = "{$row['NAME']} [{$row['LID']}]";
        }

        return $sites;
    }

    /** @return array<int, string> */
    public function personTypes(): array
    {
        return Loader::includeModule('sale') ? self::labels(PersonTypeTable::getList([
            'select' => ['ID', 'NAME'],
            'filter' => ['=ACTIVE' => 'Y'],
            'order' => ['SORT' => 'ASC', 'ID' => 'ASC'],
            'limit' => self::LIMIT,
        ])) : [];
    }

    /** @return array<int, string> */
    public function deliveries(): array
    {
        return Loader::includeModule('sale') ? self::labels(DeliveryTable::getList([
            'select' => ['ID', 'NAME'],
            'filter' => ['=ACTIVE' => 'Y'],
            'order' => ['SORT' => 'ASC', 'ID' => 'ASC'],
            'limit' => self::LIMIT,
        ])) : [];
    }

    /** @return array<int, string> */
    public function paySystems(): array
    {
        return Loader::includeModule('sale') ? self::labels(PaySystemActionTable::getList([
            'select' => ['ID', 'NAME'],
            'filter' => ['=ACTIVE' => 'Y'],
            'order' => ['SORT' => 'ASC', 'ID' => 'ASC'],
            'limit' => self::LIMIT,
        ])) : [];
    }

    /** @return array<string, string> */
    public function orderStatuses(): array
    {
        return Loader::includeModule('sale') ? OrderStatus::getAllStatusesNames() : [];
    }

    /** @return array<string, string> codes of a person type's order properties */
    public function orderProperties(int $personTypeId): array
    {
        if ($personTypeId < 1 || !Loader::includeModule('sale')) {
            return [];
        }
        $rows = OrderPropsTable::getList([
            'select' => ['CODE', 'NAME'],
            'filter' => ['=PERSON_TYPE_ID' => $personTypeId, '=ACTIVE' => 'Y'],
            'order' => ['SORT' => 'ASC', 'ID' => 'ASC'],
            'limit' => self::LIMIT,
        ]);
        $properties = [];
        while ($row = $rows->fetch()) {
            if ((string)$row['CODE'] !== '') {
                $properties[(string)$row['CODE']] = "{$row['NAME']} [{$row['CODE']}]";
            }
        }

        return $properties;
    }

    /** @return array<int, string> */
    private static function labels(\Bitrix\Main\DB\Result $rows): array
    {
        $labels = [];
        while ($row = $rows->fetch()) {
            $labels[(int)$row['ID']] = "{$row['NAME']} [{$row['ID']}]";
        }

        return $labels;
    }
}
