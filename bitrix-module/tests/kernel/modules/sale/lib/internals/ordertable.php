<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DateField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;
use Bitrix\Main\ORM\Fields\TextField;

/** The table `b_sale_order`. */
class OrderTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_order';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new StringField('LID'),
            new StringField('ACCOUNT_NUMBER'),
            new StringField('TRACKING_NUMBER'),
            new IntegerField('PAY_SYSTEM_ID'),
            new IntegerField('DELIVERY_ID'),
            new DatetimeField('DATE_INSERT'),
            new DatetimeField('DATE_UPDATE'),
            new StringField('PERSON_TYPE_ID'),
            new IntegerField('USER_ID', ['required' => true]),
            new BooleanField('PAYED', ['values' => ['N', 'Y']]),
            new BooleanField('IS_SYNC_B24', ['values' => ['N', 'Y']]),
            new DatetimeField('DATE_PAYED'),
            new IntegerField('EMP_PAYED_ID'),
            new BooleanField('DEDUCTED', ['values' => ['N', 'Y']]),
            new DatetimeField('DATE_DEDUCTED'),
            new IntegerField('EMP_DEDUCTED_ID'),
            new StringField('REASON_UNDO_DEDUCTED'),
            new StringField('STATUS_ID'),
            new DatetimeField('DATE_STATUS'),
            new IntegerField('EMP_STATUS_ID'),
            new BooleanField('MARKED', ['values' => ['N', 'Y']]),
            new DatetimeField('DATE_MARKED'),
            new IntegerField('EMP_MARKED_ID'),
            new StringField('REASON_MARKED'),
            new FloatField('PRICE_DELIVERY'),
            new BooleanField('ALLOW_DELIVERY', ['values' => ['N', 'Y']]),
            new DatetimeField('DATE_ALLOW_DELIVERY'),
            new IntegerField('EMP_ALLOW_DELIVERY_ID'),
            new BooleanField('RESERVED', ['values' => ['N', 'Y']]),
            new FloatField('PRICE'),
            new StringField('CURRENCY', ['required' => true]),
            new FloatField('DISCOUNT_VALUE'),
            new FloatField('TAX_VALUE'),
            new FloatField('SUM_PAID'),
            new StringField('USER_DESCRIPTION'),
            new StringField('PAY_VOUCHER_NUM'),
            new DateField('PAY_VOUCHER_DATE'),
            new StringField('ADDITIONAL_INFO'),
            new StringField('COMMENTS'),
            new IntegerField('COMPANY_ID'),
            new IntegerField('CREATED_BY'),
            new IntegerField('RESPONSIBLE_ID'),
            new StringField('STAT_GID'),
            new DateField('DATE_PAY_BEFORE'),
            new DateField('DATE_BILL'),
            new BooleanField('IS_RECURRING', ['values' => ['N', 'Y']]),
            new IntegerField('RECURRING_ID'),
            new IntegerField('LOCKED_BY'),
            new DatetimeField('DATE_LOCK'),
            new BooleanField('RECOUNT_FLAG', ['values' => ['N', 'Y']]),
            new IntegerField('AFFILIATE_ID'),
            new StringField('DELIVERY_DOC_NUM'),
            new DatetimeField('DELIVERY_DOC_DATE'),
            new BooleanField('UPDATED_1C', ['values' => ['N', 'Y']]),
            new StringField('ORDER_TOPIC'),
            new StringField('XML_ID'),
            new StringField('ID_1C'),
            new StringField('VERSION_1C'),
            new IntegerField('VERSION'),
            new BooleanField('EXTERNAL_ORDER', ['values' => ['N', 'Y']]),
            new IntegerField('STORE_ID'),
            new BooleanField('CANCELED', ['values' => ['N', 'Y']]),
            new IntegerField('EMP_CANCELED_ID'),
            new DatetimeField('DATE_CANCELED'),
            new StringField('REASON_CANCELED'),
            new StringField('BX_USER_ID'),
            new TextField('SEARCH_CONTENT'),
            new BooleanField('RUNNING', ['values' => ['N', 'Y']]),
        ];
    }
}
