<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_order_props_variant`. */
class OrderPropsVariantTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_order_props_variant';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('ORDER_PROPS_ID', ['required' => true]),
            new StringField('NAME', ['required' => true]),
            new StringField('VALUE'),
            new IntegerField('SORT'),
            new StringField('DESCRIPTION'),
            new StringField('XML_ID'),
        ];
    }
}
