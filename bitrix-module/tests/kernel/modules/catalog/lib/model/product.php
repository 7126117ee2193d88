<?php

namespace Bitrix\Catalog\Model;

use Aligate\Aliexpress\Tests\FakeKernel\SkuMap;
use Bitrix\Catalog\Product\Sku;
use Bitrix\Catalog\ProductTable;
use Bitrix\Main\Application;
use Bitrix\Main\ORM\Data\AddResult;
use Bitrix\Main\ORM\Data\DeleteResult;
use Bitrix\Main\ORM\Data\UpdateResult;
use Bitrix\Main\ORM\EntityError;
use Bitrix\Main\Type\DateTime;

/** Product rows. */
class Product extends Entity
{
    private const DEFAULTS = [
        'QUANTITY' => 0.0, 'QUANTITY_RESERVED' => 0.0, 'QUANTITY_TRACE' => 'D', 'CAN_BUY_ZERO' => 'D', 'WEIGHT' => 0.0, 'PRICE_TYPE' => 'S',
        'RECUR_SCHEME_LENGTH' => null, 'RECUR_SCHEME_TYPE' => 'D', 'TRIAL_PRICE_ID' => null, 'WITHOUT_ORDER' => 'N', 'SELECT_BEST_PRICE' => 'N',
        'VAT_ID' => null, 'VAT_INCLUDED' => 'N', 'BARCODE_MULTI' => 'N', 'SUBSCRIBE' => 'D', 'BUNDLE' => 'N', 'PURCHASING_PRICE' => null,
        'PURCHASING_CURRENCY' => null, 'TMP_ID' => null, 'MEASURE' => null, 'WIDTH' => null, 'LENGTH' => null, 'HEIGHT' => null,
    ];
    private const FLOATS = ['QUANTITY', 'QUANTITY_RESERVED', 'WEIGHT', 'WIDTH', 'LENGTH', 'HEIGHT', 'PURCHASING_PRICE'];
    private const AVAILABILITY = ['AVAILABLE', 'QUANTITY', 'QUANTITY_TRACE', 'CAN_BUY_ZERO', 'TYPE'];

    public static function getTabletClassName(): string
    {
        return ProductTable::class;
    }

    protected static function prepareForAdd(AddResult $result, $id, array &$data): void
    {
        $fields = $data['fields'];
        $element = self::iblockOf((int)($fields['ID'] ?? 0));
        if ($element === null) {
            $result->addError(new EntityError('There is no element for the product.'));
            return;
        }
        $parent = SkuMap::parentOf((int)$fields['ID'], (int)$element);
        $type = $fields['TYPE'] ?? ($parent !== null ? ProductTable::TYPE_OFFER : (SkuMap::isOfferIblock((int)$element) ? ProductTable::TYPE_FREE_OFFER : ProductTable::TYPE_PRODUCT));
        $isGiven = isset($fields['AVAILABLE']);
        $fields = self::cast(array_merge(self::DEFAULTS, ['TYPE' => $type], array_intersect_key($fields, ProductTable::getEntity()->getScalarFields())));
        $fields['ID'] = (int)$fields['ID'];
        $fields['NEGATIVE_AMOUNT_TRACE'] = $fields['CAN_BUY_ZERO'];
        $fields['TIMESTAMP_X'] = new DateTime();
        $isGiven || $fields['AVAILABLE'] = ProductTable::calculateAvailable($fields);
        if (!self::isCurrencyKnown($fields, $result)) {
            return;
        }
        $data['fields'] = $fields;
        $data['external_fields']['IBLOCK_ID'] ??= $element;
        $data['actions'] += match ((int)$type) {
            ProductTable::TYPE_OFFER => ['SKU_AVAILABLE' => true, 'SETS' => true, 'SUBSCRIPTION' => true, 'PARENT_TYPE' => true],
            ProductTable::TYPE_SKU, ProductTable::TYPE_EMPTY_SKU => ['SKU_AVAILABLE' => true],
            default => ['SETS' => true, 'SUBSCRIPTION' => true],
        };
    }

    private static function isCurrencyKnown(array $fields, \Bitrix\Main\Result $result): bool
    {
        $currency = (string)($fields['PURCHASING_CURRENCY'] ?? '');
        if ($currency !== '' && !\Bitrix\Currency\CurrencyManager::isCurrencyExist($currency)) {
            $result->addError(new EntityError('The currency of the purchasing price is unknown.'));
        }
        return $result->isSuccess();
    }

    private static function iblockOf(int $elementId): ?string
    {
        return Application::getConnection()->queryScalar("SELECT IBLOCK_ID FROM b_iblock_element WHERE ID = $elementId");
    }

    private static function cast(array $fields): array
    {
        foreach (self::FLOATS as $name) {
            isset($fields[$name]) && $fields[$name] = (float)$fields[$name];
        }
        return $fields;
    }

    protected static function prepareForUpdate(UpdateResult $result, $id, array &$data): void
    {
        $iblock = self::iblockOf((int)$id);
        if ($iblock === null) {
            $result->addError(new EntityError('There is no element for the product.'));
            return;
        }
        $old = static::getCacheItem($id, true) ?? [];
        $fields = self::cast(array_intersect_key(array_diff_key($data['fields'], ['ID' => 1]), ProductTable::getEntity()->getScalarFields()));
        if (!self::isCurrencyKnown($fields, $result)) {
            return;
        }
        isset($fields['CAN_BUY_ZERO']) && $fields['NEGATIVE_AMOUNT_TRACE'] = $fields['CAN_BUY_ZERO'];
        $fields['TIMESTAMP_X'] = new DateTime();
        $isAvailability = array_intersect_key($fields, array_flip(self::AVAILABILITY)) !== [];
        if ($isAvailability && !isset($fields['AVAILABLE'])) {
            $fields['AVAILABLE'] = $old === [] ? 'N' : ProductTable::calculateAvailable($fields + $old);
        }
        $data['fields'] = $fields;
        $data['external_fields']['IBLOCK_ID'] ??= $iblock;
        $types = [(int)($old['TYPE'] ?? 0), (int)($fields['TYPE'] ?? 0)];
        if ($isAvailability) {
            $isOfSku = array_intersect($types, [ProductTable::TYPE_SKU, ProductTable::TYPE_OFFER, ProductTable::TYPE_EMPTY_SKU]) !== [];
            $data['actions'] += ($isOfSku ? ['SKU_AVAILABLE' => true] : []) + ['SETS' => true, 'SUBSCRIPTION' => true];
        } elseif (isset($fields['WEIGHT'])) {
            $data['actions'] += ['SETS' => true];
        }
    }

    protected static function runAddExternalActions($id, array $data): void
    {
        self::recalculate((int)$data['fields']['ID'], (int)$data['fields']['TYPE'], $data);
    }

    protected static function runUpdateExternalActions($id, array $data): void
    {
        $row = static::getCacheItem($id, true);
        self::recalculate((int)$id, (int)($row['TYPE'] ?? 0), $data);
    }

    private static function recalculate(int $id, int $type, array $data): void
    {
        if (isset($data['actions']['SKU_AVAILABLE'])) {
            Application::getConnection()->queryExecute("UPDATE b_iblock_element SET TIMESTAMP_X = now() WHERE ID = $id");
            $type === ProductTable::TYPE_OFFER && Sku::calculateComplete($id, (int)$data['external_fields']['IBLOCK_ID'], $type);
        }
        isset($data['actions']['SETS']) && \CCatalogProductSet::recalculateSetsByProduct($id);
    }

    /** Without events of the model; the rows that hang on the product go by SQL. */
    public static function delete($id): DeleteResult
    {
        $result = ProductTable::delete($id);
        $id = (int)$id;
        foreach (['b_catalog_price', 'b_catalog_measure_ratio', 'b_catalog_product2group', 'b_catalog_store_product'] as $table) {
            Application::getConnection()->queryExecute("DELETE FROM $table WHERE PRODUCT_ID = $id");
        }
        Application::getConnection()->queryExecute("DELETE FROM b_catalog_product_sets WHERE OWNER_ID = $id");
        static::clearCacheItem($id);
        return $result;
    }
}
