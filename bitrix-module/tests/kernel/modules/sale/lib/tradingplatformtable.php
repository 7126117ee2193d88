<?php

namespace Bitrix\Sale;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;
use Bitrix\Main\ORM\Fields\TextField;

/** The table `b_sale_tp`. */
class TradingPlatformTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_tp';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new StringField('CODE', ['required' => true]),
            new StringField('ACTIVE', ['required' => true]),
            new StringField('NAME'),
            new StringField('DESCRIPTION'),
            new TextField('SETTINGS'),
            new StringField('CATALOG_SECTION_TAB_CLASS_NAME'),
            new StringField('CLASS'),
            new StringField('XML_ID'),
        ];
    }
}
