<?php

namespace Bitrix\Catalog;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_catalog_vat`. */
class VatTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_catalog_vat';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new DatetimeField('TIMESTAMP_X', ['required' => true]),
            new BooleanField('ACTIVE', ['values' => ['N', 'Y']]),
            new IntegerField('SORT', ['column_name' => 'C_SORT']),
            new StringField('NAME', ['required' => true]),
            new FloatField('RATE'),
            new BooleanField('EXCLUDE_VAT', ['values' => ['N', 'Y']]),
            new StringField('XML_ID'),
        ];
    }
}
