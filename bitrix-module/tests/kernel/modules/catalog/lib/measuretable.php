<?php

namespace Bitrix\Catalog;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_catalog_measure`. */
class MeasureTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_catalog_measure';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('CODE', ['required' => true]),
            new StringField('MEASURE_TITLE'),
            new StringField('SYMBOL', ['column_name' => 'SYMBOL_RUS']),
            new StringField('SYMBOL_INTL'),
            new StringField('SYMBOL_LETTER_INTL'),
            new BooleanField('IS_DEFAULT', ['values' => ['N', 'Y']]),
        ];
    }
}
