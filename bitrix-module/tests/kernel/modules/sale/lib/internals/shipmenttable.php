<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\Relations\Reference;
use Bitrix\Main\ORM\Fields\StringField;
use Bitrix\Main\ORM\Fields\TextField;

/** The table `b_sale_order_delivery`. */
class ShipmentTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_order_delivery';
    }

    public static function getMap()
    {
        return [
            new StringField('ACCOUNT_NUMBER'),
            new StringField('STATUS_ID'),
            new StringField('DELIVERY_LOCATION'),
            new FloatField('BASE_PRICE_DELIVERY'),
            new FloatField('PRICE_DELIVERY'),
            new FloatField('WEIGHT'),
            new BooleanField('CUSTOM_PRICE_DELIVERY', ['values' => ['N', 'Y']]),
            new StringField('CURRENCY'),
            new FloatField('DISCOUNT_PRICE'),
            new BooleanField('ALLOW_DELIVERY', ['values' => ['N', 'Y']]),
            new DatetimeField('DATE_ALLOW_DELIVERY'),
            new BooleanField('DEDUCTED', ['values' => ['N', 'Y']]),
            new BooleanField('RESERVED', ['values' => ['N', 'Y']]),
            new IntegerField('DELIVERY_ID'),
            new DatetimeField('DELIVERY_DOC_DATE'),
            new BooleanField('CANCELED', ['values' => ['N', 'Y']]),
            new BooleanField('MARKED', ['values' => ['N', 'Y']]),
            new BooleanField('SYSTEM', ['values' => ['N', 'Y']]),
            new BooleanField('UPDATED_1C', ['values' => ['N', 'Y']]),
            new StringField('ID_1C'),
            new StringField('VERSION_1C'),
            new BooleanField('EXTERNAL_DELIVERY', ['values' => ['N', 'Y']]),
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('ORDER_ID', ['required' => true]),
            new DatetimeField('DATE_INSERT'),
            new DatetimeField('DATE_UPDATE'),
            new IntegerField('EMP_ALLOW_DELIVERY_ID'),
            new DatetimeField('DATE_DEDUCTED'),
            new IntegerField('EMP_DEDUCTED_ID'),
            new StringField('REASON_UNDO_DEDUCTED'),
            new StringField('DELIVERY_DOC_NUM'),
            new StringField('TRACKING_NUMBER'),
            new IntegerField('TRACKING_STATUS'),
            new StringField('TRACKING_DESCRIPTION'),
            new DatetimeField('TRACKING_LAST_CHECK'),
            new DatetimeField('TRACKING_LAST_CHANGE'),
            new StringField('XML_ID'),
            new TextField('PARAMS'),
            new StringField('DELIVERY_NAME'),
            new DatetimeField('DATE_CANCELED'),
            new IntegerField('EMP_CANCELED_ID'),
            new StringField('REASON_CANCELED'),
            new DatetimeField('DATE_MARKED'),
            new IntegerField('EMP_MARKED_ID'),
            new StringField('REASON_MARKED'),
            new IntegerField('RESPONSIBLE_ID'),
            new IntegerField('EMP_RESPONSIBLE_ID'),
            new DatetimeField('DATE_RESPONSIBLE_ID'),
            new StringField('COMMENTS'),
            new IntegerField('COMPANY_ID'),
            new Reference('ORDER', \Bitrix\Sale\Internals\OrderTable::class, ['=this.ORDER_ID' => 'ref.ID']),
        ];
    }
}
