<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\EnumField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_order_props_value`. */
class OrderPropsValueTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_order_props_value';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('ORDER_ID'),
            new IntegerField('ORDER_PROPS_ID'),
            new StringField('NAME', ['required' => true]),
            new StringField('VALUE'),
            new StringField('CODE'),
            new StringField('XML_ID'),
            new IntegerField('ENTITY_ID'),
            new EnumField('ENTITY_TYPE', ['required' => true]),
        ];
    }
}
