<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_status`. */
class StatusTable extends DataManager
{
    public const TYPE_ORDER = 'O';
    public const TYPE_SHIPMENT = 'D';

    public static function getTableName()
    {
        return 'b_sale_status';
    }

    public static function getMap()
    {
        return [
            new StringField('ID', ['primary' => true]),
            new BooleanField('TYPE', ['values' => ['N', 'Y']]),
            new IntegerField('SORT'),
            new BooleanField('NOTIFY', ['values' => ['N', 'Y']]),
            new StringField('COLOR'),
            new StringField('XML_ID'),
        ];
    }
}
