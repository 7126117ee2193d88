<?php

namespace Bitrix\Sale\Delivery\Services;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;
use Bitrix\Main\ORM\Fields\TextField;

/** The table `b_sale_delivery_srv`. */
class Table extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_delivery_srv';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new StringField('CODE'),
            new IntegerField('PARENT_ID'),
            new StringField('NAME', ['required' => true]),
            new BooleanField('ACTIVE', ['required' => true, 'values' => ['N', 'Y']]),
            new StringField('DESCRIPTION'),
            new IntegerField('SORT'),
            new IntegerField('LOGOTIP'),
            new TextField('CONFIG'),
            new StringField('CLASS_NAME'),
            new StringField('CURRENCY'),
            new TextField('TRACKING_PARAMS'),
            new BooleanField('ALLOW_EDIT_SHIPMENT', ['values' => ['N', 'Y']]),
            new IntegerField('VAT_ID'),
            new StringField('XML_ID'),
        ];
    }
}
