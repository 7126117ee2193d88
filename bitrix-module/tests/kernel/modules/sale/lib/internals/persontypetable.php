<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_person_type`. */
class PersonTypeTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_person_type';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new StringField('LID', ['required' => true]),
            new StringField('NAME', ['required' => true]),
            new StringField('CODE'),
            new IntegerField('SORT'),
            new BooleanField('ACTIVE', ['values' => ['N', 'Y']]),
            new StringField('XML_ID'),
            new StringField('ENTITY_REGISTRY_TYPE'),
        ];
    }
}
