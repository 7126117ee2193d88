<?php

namespace Bitrix\Currency;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_catalog_currency`. */
class CurrencyTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_catalog_currency';
    }

    public static function getMap()
    {
        return [
            new StringField('CURRENCY', ['primary' => true]),
            new IntegerField('AMOUNT_CNT'),
            new FloatField('AMOUNT'),
            new IntegerField('SORT'),
            new DatetimeField('DATE_UPDATE'),
            new StringField('NUMCODE'),
            new BooleanField('BASE', ['values' => ['N', 'Y']]),
            new IntegerField('CREATED_BY'),
            new DatetimeField('DATE_CREATE'),
            new IntegerField('MODIFIED_BY'),
            new FloatField('CURRENT_BASE_RATE'),
        ];
    }
}
