<?php

namespace Bitrix\Sale\TradingPlatform;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\Relations\Reference;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_tp_order`. */
class OrderTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_tp_order';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('ORDER_ID', ['required' => true]),
            new StringField('EXTERNAL_ORDER_ID', ['required' => true]),
            new StringField('PARAMS'),
            new IntegerField('TRADING_PLATFORM_ID', ['required' => true]),
            new StringField('XML_ID'),
            new Reference('ORDER', \Bitrix\Sale\Internals\OrderTable::class, ['=this.ORDER_ID' => 'ref.ID']),
            new Reference('TRADING_PLATFORM', \Bitrix\Sale\TradingPlatformTable::class, ['=this.TRADING_PLATFORM_ID' => 'ref.ID']),
        ];
    }
}
