<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_lang`. */
class SiteCurrencyTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_lang';
    }

    public static function getMap()
    {
        return [
            new StringField('LID', ['primary' => true]),
            new StringField('CURRENCY'),
        ];
    }
}
