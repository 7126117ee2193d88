<?php

namespace Bitrix\Main;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_file`. */
class FileTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_file';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new DatetimeField('TIMESTAMP_X'),
            new StringField('MODULE_ID'),
            new IntegerField('HEIGHT'),
            new IntegerField('WIDTH'),
            new IntegerField('FILE_SIZE'),
            new StringField('CONTENT_TYPE'),
            new StringField('SUBDIR'),
            new StringField('FILE_NAME', ['required' => true]),
            new StringField('ORIGINAL_NAME'),
            new StringField('DESCRIPTION'),
            new StringField('HANDLER_ID'),
            new StringField('EXTERNAL_ID'),
        ];
    }
}
