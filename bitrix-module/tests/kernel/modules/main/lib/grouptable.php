<?php

namespace Bitrix\Main;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;
use Bitrix\Main\ORM\Fields\TextField;

/** The table `b_group`. */
class GroupTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_group';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new DatetimeField('TIMESTAMP_X'),
            new BooleanField('ACTIVE', ['values' => ['N', 'Y']]),
            new IntegerField('C_SORT'),
            new BooleanField('ANONYMOUS', ['values' => ['N', 'Y']]),
            new BooleanField('IS_SYSTEM', ['values' => ['N', 'Y']]),
            new StringField('NAME'),
            new StringField('DESCRIPTION'),
            new TextField('SECURITY_POLICY'),
            new StringField('STRING_ID'),
        ];
    }
}
