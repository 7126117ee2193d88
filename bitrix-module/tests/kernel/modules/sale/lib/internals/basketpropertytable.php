<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_basket_props`. */
class BasketPropertyTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_basket_props';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('BASKET_ID', ['required' => true]),
            new StringField('NAME'),
            new StringField('VALUE'),
            new StringField('CODE'),
            new IntegerField('SORT'),
            new StringField('XML_ID'),
        ];
    }
}
