<?php

namespace Bitrix\Catalog\Model;

use Aligate\Aliexpress\Tests\FakeKernel\SkuMap;
use Bitrix\Catalog\GroupTable;
use Bitrix\Catalog\PriceTable;
use Bitrix\Catalog\Product\Sku;
use Bitrix\Catalog\ProductTable;
use Bitrix\Main\Application;
use Bitrix\Main\ORM\Data\AddResult;
use Bitrix\Main\ORM\Data\UpdateResult;
use Bitrix\Main\ORM\EntityError;
use Bitrix\Main\Type\DateTime;

/** Prices, their scales in the base currency, and the least price of a parent. */
class Price extends Entity
{
    private static $types;
    private static $touched = [];

    public static function getTabletClassName(): string
    {
        return PriceTable::class;
    }

    private static function types(): array
    {
        return self::$types ??= array_column(GroupTable::getList(['select' => ['ID', 'BASE']])->fetchAll(), 'BASE', 'ID');
    }

    public static function clearSettings(): void
    {
        self::$types = null;
    }

    protected static function prepareForAdd(AddResult $result, $id, array &$data): void
    {
        $given = $data['fields'];
        $type = (int)($given['CATALOG_GROUP_ID'] ?? 0);
        if (!isset(self::types()[$type])) {
            $result->addError(new EntityError('The price type does not exist.'));
        }
        if ((int)($given['PRODUCT_ID'] ?? 0) <= 0 || !is_numeric($given['PRICE'] ?? null) || (string)($given['CURRENCY'] ?? '') === '') {
            $result->addError(new EntityError('A price needs a product, an amount and a currency.'));
        }
        if (!$result->isSuccess()) {
            return;
        }
        $data['fields'] = [
            'PRODUCT_ID' => (int)$given['PRODUCT_ID'], 'CATALOG_GROUP_ID' => $type, 'EXTRA_ID' => $given['EXTRA_ID'] ?? null ?: null,
            'PRICE' => $given['PRICE'], 'CURRENCY' => $given['CURRENCY'], 'QUANTITY_FROM' => $given['QUANTITY_FROM'] ?? null ?: null,
            'QUANTITY_TO' => $given['QUANTITY_TO'] ?? null ?: null, 'TMP_ID' => $given['TMP_ID'] ?? null, 'TIMESTAMP_X' => new DateTime(),
            'PRICE_SCALE' => (float)$given['PRICE'] * self::rate($given['CURRENCY']),
        ];
        self::isOffer((int)$given['PRODUCT_ID']) && $data['actions']['PARENT_PRICE'] = true;
    }

    private static function rate(string $currency): float
    {
        return $currency === \Bitrix\Currency\CurrencyManager::getBaseCurrency()
            ? 1.0 : (float)\Bitrix\Currency\CurrencyTable::getRowById($currency)['CURRENT_BASE_RATE'];
    }

    private static function isOffer(int $productId): bool
    {
        return SkuMap::parentOf($productId) !== null;
    }

    /** A price that does not exist is taken for one, as by the kernel. */
    protected static function prepareForUpdate(UpdateResult $result, $id, array &$data): void
    {
        $old = static::getCacheItem($id, true) ?? [];
        $fields = array_intersect_key(array_diff_key($data['fields'], ['ID' => 1]), PriceTable::getEntity()->getScalarFields());
        if (isset($fields['CATALOG_GROUP_ID']) && (self::types()[(int)$fields['CATALOG_GROUP_ID']] ?? 'N') === 'Y') {
            $fields['EXTRA_ID'] = null;
        }
        if (isset($fields['PRICE']) || isset($fields['CURRENCY'])) {
            $currency = (string)($fields['CURRENCY'] ?? $old['CURRENCY'] ?? '');
            $fields['PRICE_SCALE'] = (float)($fields['PRICE'] ?? $old['PRICE'] ?? 0) * ($currency === '' ? 1.0 : self::rate($currency));
        }
        $fields['TIMESTAMP_X'] = new DateTime();
        $data['fields'] = $fields;
        $product = (int)($fields['PRODUCT_ID'] ?? $old['PRODUCT_ID'] ?? 0);
        $product > 0 && self::isOffer($product) && $data['actions']['PARENT_PRICE'] = true;
    }

    protected static function runAddExternalActions($id, array $data): void
    {
        self::follow((int)$data['fields']['PRODUCT_ID'], (int)$data['fields']['CATALOG_GROUP_ID'], (int)$id, $data['actions']);
    }

    protected static function runUpdateExternalActions($id, array $data): void
    {
        $row = static::getCacheItem($id, true);
        $row !== null && self::follow((int)$row['PRODUCT_ID'], (int)$row['CATALOG_GROUP_ID'], (int)$id, $data['actions']);
    }

    protected static function runDeleteExternalActions($id): void
    {
        $row = static::getCacheItem($id);
        if ($row !== null) {
            $isOffer = self::isOffer((int)$row['PRODUCT_ID']);
            self::follow((int)$row['PRODUCT_ID'], (int)$row['CATALOG_GROUP_ID'], (int)$id, $isOffer ? ['PARENT_PRICE' => true] : []);
        }
    }

    /** Once in a hit the element's time of change follows. */
    private static function follow(int $product, int $type, int $id, array $actions): void
    {
        if (!isset(self::$touched[$product])) {
            self::$touched[$product] = true;
            Application::getConnection()->queryExecute("UPDATE b_iblock_element SET TIMESTAMP_X = now() WHERE ID = $product");
        }
        isset($actions['RECOUNT_PRICES']) && self::recountPricesFromBase($id);
        isset($actions['PARENT_PRICE']) && Sku::calculatePrice($product, null, ProductTable::TYPE_OFFER, [$type]);
    }

    /** Prices with an extra charge follow the base price; only events of the table tell of it. */
    public static function recountPricesFromBase($id): bool
    {
        $base = PriceTable::getRowById($id);
        if ($base === null) {
            return false;
        }
        $rows = PriceTable::getList(['filter' => ['=PRODUCT_ID' => $base['PRODUCT_ID'], '!=EXTRA_ID' => null, '=QUANTITY_FROM' => $base['QUANTITY_FROM'],
            '=QUANTITY_TO' => $base['QUANTITY_TO']]])->fetchAll();
        foreach ($rows as $row) {
            $extra = \Bitrix\Catalog\ExtraTable::getRowById($row['EXTRA_ID']);
            $price = round((float)$base['PRICE'] * (1 + (float)$extra['PERCENTAGE'] / 100), 2);
            PriceTable::update($row['ID'], ['PRICE' => $price, 'CURRENCY' => $base['CURRENCY'], 'TIMESTAMP_X' => new DateTime(),
                'PRICE_SCALE' => $price * self::rate($base['CURRENCY'])]);
        }
        return true;
    }
}
