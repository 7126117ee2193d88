<?php

namespace Bitrix\Catalog;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\EnumField;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\Relations\Reference;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_catalog_product`. */
class ProductTable extends DataManager
{
    public const USER_FIELD_ENTITY_ID = 'PRODUCT';
    public const STATUS_YES = 'Y';
    public const STATUS_NO = 'N';
    public const STATUS_DEFAULT = 'D';
    public const TYPE_PRODUCT = 1;
    public const TYPE_SET = 2;
    public const TYPE_SKU = 3;
    public const TYPE_OFFER = 4;
    public const TYPE_FREE_OFFER = 5;
    public const TYPE_EMPTY_SKU = 6;
    public const TYPE_SERVICE = 7;
    public const PAYMENT_TYPE_SINGLE = 'S';
    public const PAYMENT_TYPE_REGULAR = 'R';
    public const PAYMENT_TYPE_TRIAL = 'T';
    public const PAYMENT_PERIOD_HOUR = 'H';
    public const PAYMENT_PERIOD_DAY = 'D';
    public const PAYMENT_PERIOD_WEEK = 'W';
    public const PAYMENT_PERIOD_MONTH = 'M';
    public const PAYMENT_PERIOD_QUART = 'Q';
    public const PAYMENT_PERIOD_SEMIYEAR = 'S';
    public const PAYMENT_PERIOD_YEAR = 'Y';
    public const PAYMENT_PERIOD_DOUBLE_YEAR = 'T';
    public const PRICE_MODE_SIMPLE = 'S';
    public const PRICE_MODE_QUANTITY = 'Q';
    public const PRICE_MODE_RATIO = 'R';

    public static function getTableName()
    {
        return 'b_catalog_product';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true]),
            new FloatField('QUANTITY', ['default_value' => 0.0]),
            new EnumField('QUANTITY_TRACE', ['default_value' => 'D']),
            new FloatField('WEIGHT', ['default_value' => 0.0]),
            new DatetimeField('TIMESTAMP_X', ['default_value' => static fn () => new \Bitrix\Main\Type\DateTime()]),
            new EnumField('PRICE_TYPE', ['default_value' => 'S']),
            new IntegerField('RECUR_SCHEME_LENGTH', ['default_value' => 0]),
            new EnumField('RECUR_SCHEME_TYPE', ['default_value' => 'D']),
            new IntegerField('TRIAL_PRICE_ID'),
            new BooleanField('WITHOUT_ORDER', ['values' => ['N', 'Y'], 'default_value' => 'N']),
            new BooleanField('SELECT_BEST_PRICE', ['values' => ['N', 'Y'], 'default_value' => 'Y']),
            new IntegerField('VAT_ID', ['default_value' => 0]),
            new BooleanField('VAT_INCLUDED', ['values' => ['N', 'Y'], 'default_value' => 'N']),
            new EnumField('CAN_BUY_ZERO', ['default_value' => 'D']),
            new EnumField('NEGATIVE_AMOUNT_TRACE', ['default_value' => 'D']),
            new StringField('TMP_ID'),
            new FloatField('PURCHASING_PRICE'),
            new StringField('PURCHASING_CURRENCY'),
            new BooleanField('BARCODE_MULTI', ['values' => ['N', 'Y'], 'default_value' => 'N']),
            new FloatField('QUANTITY_RESERVED'),
            new EnumField('SUBSCRIBE', ['default_value' => 'D']),
            new FloatField('WIDTH'),
            new FloatField('LENGTH'),
            new FloatField('HEIGHT'),
            new IntegerField('MEASURE'),
            new EnumField('TYPE', ['default_value' => 1]),
            new BooleanField('AVAILABLE', ['values' => ['N', 'Y']]),
            new BooleanField('BUNDLE', ['values' => ['N', 'Y']]),
            new Reference('IBLOCK_ELEMENT', \Bitrix\Iblock\ElementTable::class, ['=this.ID' => 'ref.ID']),
        ];
    }

    /** Whether a product with these fields can be bought; `D` stands for the module's setting. */
    public static function calculateAvailable($fields)
    {
        if (!is_array($fields) || $fields === []) {
            return self::STATUS_NO;
        }
        $trace = ($fields['QUANTITY_TRACE'] ?? 'D') === self::STATUS_DEFAULT
            ? \Bitrix\Main\Config\Option::get('catalog', 'default_quantity_trace', 'N') : $fields['QUANTITY_TRACE'];
        $canBuyZero = ($fields['CAN_BUY_ZERO'] ?? 'D') === self::STATUS_DEFAULT
            ? \Bitrix\Main\Config\Option::get('catalog', 'default_can_buy_zero', 'N') : $fields['CAN_BUY_ZERO'];
        $isAvailable = (float)($fields['QUANTITY'] ?? 0) > 0 || $trace === 'N' || $canBuyZero === 'Y';
        return $isAvailable ? self::STATUS_YES : self::STATUS_NO;
    }
}
