<?php

namespace Bitrix\Catalog;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_catalog_group_lang`. */
class GroupLangTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_catalog_group_lang';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('CATALOG_GROUP_ID'),
            new StringField('LANG'),
            new StringField('NAME'),
        ];
    }
}
