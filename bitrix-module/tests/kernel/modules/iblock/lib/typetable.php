<?php

namespace Bitrix\Iblock;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_iblock_type`. */
class TypeTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_iblock_type';
    }

    public static function getMap()
    {
        return [
            new StringField('ID', ['primary' => true]),
            new BooleanField('SECTIONS', ['values' => ['N', 'Y']]),
            new StringField('EDIT_FILE_BEFORE'),
            new StringField('EDIT_FILE_AFTER'),
            new BooleanField('IN_RSS', ['values' => ['N', 'Y']]),
            new IntegerField('SORT'),
        ];
    }
}
