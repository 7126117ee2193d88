<?php

namespace Bitrix\Currency;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_catalog_currency_lang`. */
class CurrencyLangTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_catalog_currency_lang';
    }

    public static function getMap()
    {
        return [
            new StringField('CURRENCY', ['primary' => true]),
            new StringField('LID', ['primary' => true]),
            new StringField('FORMAT_STRING'),
            new StringField('FULL_NAME'),
            new StringField('DEC_POINT'),
            new StringField('THOUSANDS_SEP'),
            new IntegerField('DECIMALS'),
            new StringField('THOUSANDS_VARIANT'),
            new BooleanField('HIDE_ZERO', ['values' => ['N', 'Y']]),
            new IntegerField('CREATED_BY'),
            new DatetimeField('DATE_CREATE'),
            new IntegerField('MODIFIED_BY'),
            new DatetimeField('TIMESTAMP_X'),
        ];
    }
}
