<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\EnumField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_order_props`. */
class OrderPropsTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_order_props';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('PERSON_TYPE_ID', ['required' => true]),
            new StringField('NAME', ['required' => true]),
            new StringField('TYPE', ['required' => true]),
            new BooleanField('REQUIRED', ['values' => ['N', 'Y']]),
            new StringField('DEFAULT_VALUE'),
            new IntegerField('SORT'),
            new BooleanField('USER_PROPS', ['values' => ['N', 'Y']]),
            new BooleanField('IS_LOCATION', ['values' => ['N', 'Y']]),
            new IntegerField('PROPS_GROUP_ID', ['required' => true]),
            new StringField('DESCRIPTION'),
            new BooleanField('IS_EMAIL', ['values' => ['N', 'Y']]),
            new BooleanField('IS_PROFILE_NAME', ['values' => ['N', 'Y']]),
            new BooleanField('IS_PAYER', ['values' => ['N', 'Y']]),
            new BooleanField('IS_LOCATION4TAX', ['values' => ['N', 'Y']]),
            new BooleanField('IS_FILTERED', ['values' => ['N', 'Y']]),
            new StringField('CODE'),
            new BooleanField('IS_ZIP', ['values' => ['N', 'Y']]),
            new BooleanField('IS_PHONE', ['values' => ['N', 'Y']]),
            new BooleanField('IS_ADDRESS', ['values' => ['N', 'Y']]),
            new BooleanField('IS_ADDRESS_FROM', ['values' => ['N', 'Y']]),
            new BooleanField('IS_ADDRESS_TO', ['values' => ['N', 'Y']]),
            new BooleanField('ACTIVE', ['values' => ['N', 'Y']]),
            new BooleanField('UTIL', ['values' => ['N', 'Y']]),
            new IntegerField('INPUT_FIELD_LOCATION'),
            new BooleanField('MULTIPLE', ['values' => ['N', 'Y']]),
            new StringField('SETTINGS'),
            new StringField('ENTITY_REGISTRY_TYPE'),
            new StringField('XML_ID'),
            new EnumField('ENTITY_TYPE', ['required' => true]),
        ];
    }
}
