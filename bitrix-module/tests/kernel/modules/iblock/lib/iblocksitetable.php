<?php

namespace Bitrix\Iblock;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\Relations\Reference;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_iblock_site`. */
class IblockSiteTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_iblock_site';
    }

    public static function getMap()
    {
        return [
            new IntegerField('IBLOCK_ID', ['primary' => true]),
            new StringField('SITE_ID', ['primary' => true]),
            new Reference('IBLOCK', \Bitrix\Iblock\IblockTable::class, ['=this.IBLOCK_ID' => 'ref.ID']),
        ];
    }
}
