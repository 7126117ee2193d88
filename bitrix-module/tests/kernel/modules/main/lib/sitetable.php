<?php

namespace Bitrix\Main;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_lang`. */
class SiteTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_lang';
    }

    public static function getMap()
    {
        return [
            new StringField('LID', ['primary' => true]),
            new IntegerField('SORT'),
            new BooleanField('DEF', ['values' => ['N', 'Y']]),
            new BooleanField('ACTIVE', ['values' => ['N', 'Y']]),
            new StringField('NAME'),
            new StringField('DIR'),
            new StringField('LANGUAGE_ID'),
            new StringField('DOC_ROOT'),
            new BooleanField('DOMAIN_LIMITED', ['values' => ['N', 'Y']]),
            new StringField('SERVER_NAME'),
            new StringField('SITE_NAME'),
            new StringField('EMAIL'),
            new IntegerField('CULTURE_ID'),
        ];
    }
}
