<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Main\Application;

/** Which offer belongs to which product, by the property that links them. */
final class SkuMap
{
    /** @var array<int, array{product: int, property: int}>|null what was read already, where properties are remembered */
    private static ?array $links = null;
    /** @var array<int, array> */
    private static array $linkProperties = [];
    /** @var array<int, int|null> parents of offers, by offer */
    private static array $parents = [];

    /** The offer's properties are written. */
    public static function forget(int $offerId): void
    {
        unset(self::$parents[$offerId]);
    }

    /** @return array<int, array{product: int, property: int}> the infoblocks of offers */
    private static function links(): array
    {
        if (self::$links !== null) {
            return self::$links;
        }
        $links = [];
        $sql = 'SELECT IBLOCK_ID, PRODUCT_IBLOCK_ID, SKU_PROPERTY_ID FROM b_catalog_iblock WHERE PRODUCT_IBLOCK_ID > 0';
        foreach (Application::getConnection()->query($sql)->fetchAll() as $row) {
            $links[(int)$row['IBLOCK_ID']] = ['product' => (int)$row['PRODUCT_IBLOCK_ID'], 'property' => (int)$row['SKU_PROPERTY_ID']];
        }
        ElementProperties::isRemembered() && self::$links = $links;
        return $links;
    }

    /** @return array{product: int, property: int}|null */
    public static function ofOfferIblock(int $iblockId): ?array
    {
        return self::links()[$iblockId] ?? null;
    }

    public static function isOfferIblock(int $iblockId): bool
    {
        return self::ofOfferIblock($iblockId) !== null;
    }

    public static function offerIblockOf(int $productIblockId): ?int
    {
        foreach (self::links() as $offers => $link) {
            if ($link['product'] === $productIblockId) {
                return $offers;
            }
        }
        return null;
    }

    public static function parentOf(int $offerId, ?int $iblockId = null): ?int
    {
        if (array_key_exists($offerId, self::$parents)) {
            return self::$parents[$offerId];
        }
        $parent = self::readParent($offerId, $iblockId ?? (int)(\CIBlockElement::GetIBlockByID($offerId) ?: 0));
        ElementProperties::isRemembered() && self::$parents[$offerId] = $parent;
        return $parent;
    }

    private static function readParent(int $offerId, int $iblockId): ?int
    {
        $link = self::ofOfferIblock($iblockId);
        if ($link === null) {
            return null;
        }
        $values = ElementProperties::valuesOf(self::property($link['property']), [$offerId])[$offerId] ?? [];
        return $values === [] ? null : ((int)$values[0]['VALUE'] ?: null);
    }

    private static function property(int $id): array
    {
        $property = self::$linkProperties[$id] ?? Application::getConnection()->query("SELECT * FROM b_iblock_property WHERE ID = $id")->fetchRaw();
        ElementProperties::isRemembered() && self::$linkProperties[$id] = $property;
        return $property;
    }

    /** @return list<int> */
    public static function offersOf(int $productId, ?int $iblockId = null): array
    {
        $offers = self::offerIblockOf($iblockId ?? (int)(\CIBlockElement::GetIBlockByID($productId) ?: 0));
        if ($offers === null) {
            return [];
        }
        $property = self::property(self::links()[$offers]['property']);
        $sql = $property['VERSION'] === '2'
            ? "SELECT IBLOCK_ELEMENT_ID AS ID FROM b_iblock_element_prop_s$offers WHERE PROPERTY_{$property['ID']} = $productId"
            : "SELECT IBLOCK_ELEMENT_ID AS ID FROM b_iblock_element_property WHERE IBLOCK_PROPERTY_ID = {$property['ID']} AND VALUE_NUM = $productId";
        return array_map('intval', array_column(Application::getConnection()->query("$sql ORDER BY 1")->fetchAll(), 'ID'));
    }
}
