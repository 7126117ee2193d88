<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\Relations\Reference;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_basket`. */
class BasketTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_basket';
    }

    public static function getMap()
    {
        return [
            new FloatField('PRICE'),
            new FloatField('BASE_PRICE'),
            new FloatField('WEIGHT'),
            new FloatField('QUANTITY', ['required' => true]),
            new FloatField('DISCOUNT_PRICE'),
            new FloatField('VAT_RATE'),
            new FloatField('RESERVE_QUANTITY'),
            new IntegerField('TYPE'),
            new IntegerField('SET_PARENT_ID'),
            new IntegerField('MEASURE_CODE'),
            new IntegerField('SORT'),
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new StringField('LID', ['required' => true]),
            new IntegerField('FUSER_ID', ['required' => true]),
            new IntegerField('ORDER_ID'),
            new IntegerField('PRODUCT_ID', ['required' => true]),
            new IntegerField('PRODUCT_PRICE_ID'),
            new IntegerField('PRICE_TYPE_ID'),
            new StringField('NAME'),
            new StringField('CURRENCY', ['required' => true]),
            new BooleanField('VAT_INCLUDED', ['values' => ['N', 'Y']]),
            new DatetimeField('DATE_INSERT'),
            new DatetimeField('DATE_UPDATE'),
            new DatetimeField('DATE_REFRESH'),
            new BooleanField('DELAY', ['values' => ['N', 'Y']]),
            new BooleanField('CAN_BUY', ['values' => ['N', 'Y']]),
            new StringField('MARKING_CODE_GROUP'),
            new StringField('MODULE'),
            new StringField('PRODUCT_PROVIDER_CLASS'),
            new StringField('NOTES'),
            new StringField('DETAIL_PAGE_URL'),
            new StringField('CATALOG_XML_ID'),
            new StringField('PRODUCT_XML_ID'),
            new StringField('DISCOUNT_NAME'),
            new StringField('DISCOUNT_VALUE'),
            new StringField('DISCOUNT_COUPON'),
            new BooleanField('SUBSCRIBE', ['values' => ['N', 'Y']]),
            new BooleanField('RESERVED', ['values' => ['N', 'Y']]),
            new BooleanField('BARCODE_MULTI', ['values' => ['N', 'Y']]),
            new BooleanField('CUSTOM_PRICE', ['values' => ['N', 'Y']]),
            new StringField('DIMENSIONS'),
            new StringField('MEASURE_NAME'),
            new StringField('CALLBACK_FUNC'),
            new StringField('ORDER_CALLBACK_FUNC'),
            new StringField('CANCEL_CALLBACK_FUNC'),
            new StringField('PAY_CALLBACK_FUNC'),
            new StringField('RECOMMENDATION'),
            new StringField('XML_ID'),
            new Reference('ORDER', \Bitrix\Sale\Internals\OrderTable::class, ['=this.ORDER_ID' => 'ref.ID']),
        ];
    }
}
