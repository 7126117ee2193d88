<?php

namespace Bitrix\Catalog;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_catalog_extra`. */
class ExtraTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_catalog_extra';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new StringField('NAME', ['required' => true]),
            new FloatField('PERCENTAGE', ['required' => true]),
        ];
    }
}
