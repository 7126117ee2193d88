<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\Relations\Reference;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_order_dlv_basket`. */
class ShipmentItemTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_order_dlv_basket';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('ORDER_DELIVERY_ID', ['required' => true]),
            new IntegerField('BASKET_ID', ['required' => true]),
            new DatetimeField('DATE_INSERT'),
            new FloatField('QUANTITY', ['required' => true]),
            new FloatField('RESERVED_QUANTITY', ['required' => true]),
            new StringField('XML_ID'),
            new Reference('BASKET', \Bitrix\Sale\Internals\BasketTable::class, ['=this.BASKET_ID' => 'ref.ID']),
        ];
    }
}
