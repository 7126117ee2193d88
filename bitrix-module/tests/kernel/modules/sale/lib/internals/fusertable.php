<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_fuser`. */
class FuserTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_fuser';
    }

    public static function getMap()
    {
        return [
            new IntegerField('USER_ID'),
            new StringField('CODE'),
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new DatetimeField('DATE_INSERT'),
            new DatetimeField('DATE_UPDATE'),
        ];
    }
}
