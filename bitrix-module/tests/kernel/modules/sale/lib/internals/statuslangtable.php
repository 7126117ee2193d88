<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\Relations\Reference;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_status_lang`. */
class StatusLangTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_status_lang';
    }

    public static function getMap()
    {
        return [
            new StringField('STATUS_ID', ['primary' => true]),
            new StringField('LID', ['primary' => true]),
            new StringField('NAME', ['required' => true]),
            new StringField('DESCRIPTION'),
            new Reference('STATUS', \Bitrix\Sale\Internals\StatusTable::class, ['=this.STATUS_ID' => 'ref.ID']),
        ];
    }
}
