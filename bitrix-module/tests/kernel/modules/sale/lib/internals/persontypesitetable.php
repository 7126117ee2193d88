<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_person_type_site`. */
class PersonTypeSiteTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_person_type_site';
    }

    public static function getMap()
    {
        return [
            new IntegerField('PERSON_TYPE_ID', ['primary' => true]),
            new StringField('SITE_ID', ['primary' => true]),
        ];
    }
}
