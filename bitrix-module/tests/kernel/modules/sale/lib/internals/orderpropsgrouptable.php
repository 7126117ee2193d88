<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_order_props_group`. */
class OrderPropsGroupTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_order_props_group';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('PERSON_TYPE_ID', ['required' => true]),
            new StringField('NAME', ['required' => true]),
            new StringField('CODE'),
            new IntegerField('SORT'),
        ];
    }
}
