<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DateField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\EnumField;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\Relations\Reference;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_order_payment`. */
class PaymentTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_order_payment';
    }

    public static function getMap()
    {
        return [
            new StringField('ACCOUNT_NUMBER'),
            new BooleanField('PAID', ['values' => ['N', 'Y']]),
            new FloatField('SUM', ['required' => true]),
            new IntegerField('EMP_RETURN_ID'),
            new EnumField('IS_RETURN'),
            new BooleanField('MARKED', ['values' => ['N', 'Y']]),
            new DatetimeField('DATE_MARKED'),
            new IntegerField('EMP_MARKED_ID'),
            new BooleanField('UPDATED_1C', ['values' => ['N', 'Y']]),
            new StringField('ID_1C'),
            new StringField('VERSION_1C'),
            new EnumField('EXTERNAL_PAYMENT'),
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('ORDER_ID', ['required' => true]),
            new DatetimeField('DATE_PAID'),
            new IntegerField('EMP_PAID_ID'),
            new IntegerField('PAY_SYSTEM_ID', ['required' => true]),
            new BooleanField('PS_STATUS', ['values' => ['N', 'Y']]),
            new StringField('PS_STATUS_CODE'),
            new StringField('PS_INVOICE_ID'),
            new StringField('PS_STATUS_DESCRIPTION'),
            new StringField('PS_STATUS_MESSAGE'),
            new FloatField('PS_SUM'),
            new StringField('PS_CURRENCY'),
            new DatetimeField('PS_RESPONSE_DATE'),
            new StringField('PS_RECURRING_TOKEN'),
            new StringField('PS_CARD_NUMBER'),
            new StringField('PAY_VOUCHER_NUM'),
            new DateField('PAY_VOUCHER_DATE'),
            new DateField('DATE_PAY_BEFORE'),
            new DatetimeField('DATE_BILL'),
            new StringField('XML_ID'),
            new FloatField('PRICE_COD'),
            new StringField('CURRENCY', ['required' => true]),
            new StringField('PAY_SYSTEM_NAME', ['required' => true]),
            new IntegerField('RESPONSIBLE_ID'),
            new IntegerField('EMP_RESPONSIBLE_ID'),
            new DatetimeField('DATE_RESPONSIBLE_ID'),
            new StringField('COMMENTS'),
            new IntegerField('COMPANY_ID'),
            new StringField('PAY_RETURN_NUM'),
            new DateField('PAY_RETURN_DATE'),
            new StringField('PAY_RETURN_COMMENT'),
            new StringField('REASON_MARKED'),
            new Reference('ORDER', \Bitrix\Sale\Internals\OrderTable::class, ['=this.ORDER_ID' => 'ref.ID']),
        ];
    }
}
