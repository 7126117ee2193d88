<?php

namespace Bitrix\Currency;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\DateField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_catalog_currency_rate`. */
class CurrencyRateTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_catalog_currency_rate';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new StringField('CURRENCY'),
            new StringField('BASE_CURRENCY'),
            new DateField('DATE_RATE'),
            new IntegerField('RATE_CNT'),
            new FloatField('RATE'),
            new IntegerField('CREATED_BY'),
            new DatetimeField('DATE_CREATE'),
            new IntegerField('MODIFIED_BY'),
            new DatetimeField('TIMESTAMP_X'),
        ];
    }
}
