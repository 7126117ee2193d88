<?php

namespace Bitrix\Catalog\Product;

use Aligate\Aliexpress\Tests\FakeKernel\SkuMap;
use Bitrix\Catalog\Model;
use Bitrix\Catalog\PriceTable;
use Bitrix\Catalog\ProductTable;
use Bitrix\Main\Application;

/** Recalculates products that have offers: availability through the model, the least price through the table alone. */
class Sku
{
    public const OFFERS_ERROR = 0x0;
    public const OFFERS_NOT_EXIST = 0x1;
    public const OFFERS_NOT_AVAILABLE = 0x2;
    public const OFFERS_AVAILABLE = 0x4;

    private static $deferred = 0;
    private static $disabled = 0;
    /** @var array<int, true> parents whose availability waits */
    private static $waitingAvailability = [];
    /** @var array<int, true> parents whose prices wait */
    private static $waitingPrices = [];
    /** @var array<int, int|null> the parent before a change of properties, by offer */
    private static $parentBefore = [];
    /** @var array<int, true> offers whose activity changes */
    private static $activityChanges = [];

    public static function enableUpdateAvailable()
    {
        self::$disabled = max(0, self::$disabled - 1);
    }

    public static function disableUpdateAvailable()
    {
        self::$disabled++;
    }

    public static function allowedUpdateAvailable(): bool
    {
        return self::$disabled === 0;
    }

    public static function enableDeferredCalculation()
    {
        self::$deferred++;
    }

    public static function disableDeferredCalculation()
    {
        self::$deferred = max(0, self::$deferred - 1);
    }

    public static function usedDeferredCalculation(): bool
    {
        return self::$deferred > 0;
    }

    public static function calculateComplete($id, $iblockId = null, $type = null)
    {
        $parent = self::parent((int)$id, $iblockId, $type);
        if ($parent === null || !self::allowedUpdateAvailable()) {
            return;
        }
        self::$waitingAvailability[$parent] = true;
        self::$waitingPrices[$parent] = true;
        self::usedDeferredCalculation() || self::calculate();
    }

    public static function calculatePrice($id, $iblockId = null, $type = null, array $priceTypes = [])
    {
        $parent = self::parent((int)$id, $iblockId, $type);
        if ($parent !== null) {
            self::$waitingPrices[$parent] = true;
            self::usedDeferredCalculation() || self::calculate();
        }
    }

    private static function parent(int $id, mixed $iblockId, mixed $type): ?int
    {
        return SkuMap::parentOf($id, $iblockId === null ? null : (int)$iblockId)
            ?? ((int)$type === ProductTable::TYPE_SKU || SkuMap::offersOf($id) !== [] ? $id : null);
    }

    public static function calculate()
    {
        $availability = self::$waitingAvailability;
        $prices = self::$waitingPrices;
        self::$waitingAvailability = self::$waitingPrices = [];
        foreach (array_keys($availability + $prices) as $parent) {
            isset($availability[$parent]) && self::updateProductAvailable($parent, 0);
            isset($prices[$parent]) && self::updateParentPrices($parent);
        }
    }

    public static function updateAvailable($productId, $iblockId = 0, array $productFields = array())
    {
        $row = ProductTable::getRowById((int)$productId);
        if ($row === null) {
            return false;
        }
        $fields = $productFields ?: (SkuMap::offersOf((int)$productId) === [] ? [] : self::parentFields((int)$productId));
        ProductTable::update((int)$productId, $fields ?: ['AVAILABLE' => ProductTable::calculateAvailable($row)]);
        return true;
    }

    public static function getOfferState($productId, $iblockId = 0)
    {
        $offers = SkuMap::offersOf((int)$productId);
        if ($offers === []) {
            return self::OFFERS_NOT_EXIST;
        }
        $ids = implode(', ', $offers);
        $available = Application::getConnection()->queryScalar('SELECT 1 FROM b_catalog_product P INNER JOIN b_iblock_element E ON E.ID = P.ID'
            . " WHERE P.ID IN ($ids) AND P.AVAILABLE = 'Y' AND E.ACTIVE = 'Y' LIMIT 1");
        return $available === null ? self::OFFERS_NOT_AVAILABLE : self::OFFERS_AVAILABLE;
    }

    private static function parentFields(int $parent): array
    {
        $state = self::getOfferState($parent);
        $type = $state === self::OFFERS_NOT_EXIST ? self::typeWithoutOffers($parent) : ProductTable::TYPE_SKU;
        return $state === self::OFFERS_AVAILABLE
            ? ['TYPE' => $type, 'AVAILABLE' => 'Y', 'QUANTITY' => 0, 'QUANTITY_TRACE' => 'N', 'CAN_BUY_ZERO' => 'Y']
            : ['TYPE' => $type, 'AVAILABLE' => 'N', 'QUANTITY' => 0, 'QUANTITY_TRACE' => 'Y', 'CAN_BUY_ZERO' => 'N'];
    }

    /** A simple product where the infoblock is a catalogue of its own, else a product without offers. */
    private static function typeWithoutOffers(int $parent): int
    {
        $iblock = (int)\CIBlockElement::GetIBlockByID($parent);
        $isCatalog = Application::getConnection()->queryScalar("SELECT 1 FROM b_catalog_iblock WHERE IBLOCK_ID = $iblock") !== null;
        return $isCatalog ? ProductTable::TYPE_PRODUCT : ProductTable::TYPE_EMPTY_SKU;
    }

    protected static function updateProductAvailable($productId, $iblockId)
    {
        if (\CIBlockElement::GetIBlockByID($productId) === false) {
            return false;
        }
        $fields = self::parentFields($productId);
        return Model\Product::getCacheItem($productId, true) === null
            ? Model\Product::add($fields + ['ID' => $productId])->isSuccess()
            : Model\Product::update($productId, $fields)->isSuccess();
    }

    private static function updateParentPrices(int $parent): void
    {
        $offers = SkuMap::offersOf($parent);
        $own = PriceTable::getList(['filter' => ['=PRODUCT_ID' => $parent], 'order' => ['ID' => 'ASC']])->fetchAll();
        $least = $offers === [] ? [] : self::leastPrices($offers);
        $connection = Application::getConnection();
        foreach ($own as $row) {
            $price = $least[$row['CATALOG_GROUP_ID']] ?? null;
            unset($least[$row['CATALOG_GROUP_ID']]);
            $price === null
                ? $connection->queryExecute("DELETE FROM b_catalog_price WHERE ID = {$row['ID']}")
                : PriceTable::update((int)$row['ID'], $price);
        }
        foreach ($least as $price) {
            PriceTable::add(['CATALOG_GROUP_ID' => (int)$price['CATALOG_GROUP_ID']] + $price + ['PRODUCT_ID' => $parent]);
        }
        $connection->queryExecute("UPDATE b_iblock_element SET TIMESTAMP_X = now() WHERE ID = $parent");
    }

    /** @return array<string, array> by price type; offers that can be bought come first */
    private static function leastPrices(array $offers): array
    {
        $least = [];
        $sql = 'SELECT C.CATALOG_GROUP_ID, C.PRICE, C.CURRENCY, C.PRICE_SCALE, P.AVAILABLE FROM b_catalog_price C INNER JOIN b_iblock_element E ON E.ID = C.PRODUCT_ID'
            . " LEFT JOIN b_catalog_product P ON P.ID = C.PRODUCT_ID WHERE C.PRODUCT_ID IN (" . implode(', ', $offers) . ") AND E.ACTIVE = 'Y'"
            . " ORDER BY P.AVAILABLE = 'Y' DESC, C.PRICE_SCALE ASC";
        foreach (Application::getConnection()->query($sql)->fetchAll() as $row) {
            unset($row['AVAILABLE']);
            $least[$row['CATALOG_GROUP_ID']] ??= $row + ['TMP_ID' => null];
        }
        return $least;
    }

    public static function handlerIblockElementUpdate($newFields, $oldFields)
    {
        if (isset($newFields['ACTIVE']) && $newFields['ACTIVE'] !== $oldFields['ACTIVE'] && SkuMap::isOfferIblock((int)$oldFields['IBLOCK_ID'])) {
            self::$activityChanges[(int)$oldFields['ID']] = true;
        }
    }

    public static function handlerAfterIblockElementUpdate(&$fields)
    {
        $id = (int)$fields['ID'];
        if (isset(self::$activityChanges[$id]) && $fields['RESULT']) {
            unset(self::$activityChanges[$id]);
            self::calculateComplete($id, (int)$fields['IBLOCK_ID'], ProductTable::TYPE_OFFER);
        }
    }

    public static function handlerIblockElementDelete($elementId, $elementData)
    {
        self::$parentBefore[(int)$elementId] = SkuMap::parentOf((int)$elementId, (int)$elementData['IBLOCK_ID']);
    }

    public static function handlerAfterIblockElementDelete($elementData)
    {
        $id = (int)$elementData['ID'];
        $parent = self::$parentBefore[$id] ?? null;
        unset(self::$parentBefore[$id]);
        if ($parent !== null) {
            self::$waitingAvailability[$parent] = self::$waitingPrices[$parent] = true;
            self::usedDeferredCalculation() || self::calculate();
        }
    }

    public static function handlerIblockElementSetPropertyValues($elementId, $iblockId, $newValues, $propertyIdentifyer, $propertyList, $currentValues)
    {
        self::rememberParent((int)$elementId, (int)$iblockId);
    }

    public static function handlerAfterIBlockElementSetPropertyValues($elementId, $iblockId, $newValues, $propertyIdentifyer)
    {
        self::compareParent((int)$elementId, (int)$iblockId);
    }

    public static function handlerIblockElementSetPropertyValuesEx($elementId, $iblockId, $newValues, $propertyList, $currentValues)
    {
        self::rememberParent((int)$elementId, (int)$iblockId);
    }

    public static function handlerAfterIblockElementSetPropertyValuesEx($elementId, $iblockId, $newValues, $flags)
    {
        self::compareParent((int)$elementId, (int)$iblockId);
    }

    private static function rememberParent(int $offer, int $iblock): void
    {
        if (SkuMap::isOfferIblock($iblock)) {
            self::$parentBefore[$offer] = SkuMap::parentOf($offer, $iblock);
        }
    }

    /** The old parent and the new one are recalculated; an offer with its first parent becomes one. */
    private static function compareParent(int $offer, int $iblock): void
    {
        if (!array_key_exists($offer, self::$parentBefore)) {
            return;
        }
        $before = self::$parentBefore[$offer];
        $after = SkuMap::parentOf($offer, $iblock);
        unset(self::$parentBefore[$offer]);
        if ($before === $after || self::usedDeferredCalculation()) {
            return;
        }
        foreach (array_filter([$before, $after]) as $parent) {
            self::$waitingAvailability[$parent] = self::$waitingPrices[$parent] = true;
        }
        self::calculate();
        if ($before === null) {
            self::disableUpdateAvailable();
            self::updateOfferType($offer, ProductTable::TYPE_OFFER);
            self::enableUpdateAvailable();
        }
    }

    protected static function updateOfferType($offerId, $type)
    {
        return Model\Product::update($offerId, ['fields' => ['TYPE' => $type], 'external_fields' => ['IBLOCK_ID' => (int)\CIBlockElement::GetIBlockByID($offerId)]])->isSuccess();
    }
}
