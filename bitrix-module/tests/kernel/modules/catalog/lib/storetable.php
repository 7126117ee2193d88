<?php

namespace Bitrix\Catalog;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\EnumField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;
use Bitrix\Main\ORM\Fields\TextField;

/** The table `b_catalog_store`. */
class StoreTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_catalog_store';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new StringField('TITLE'),
            new BooleanField('ACTIVE', ['values' => ['N', 'Y']]),
            new StringField('ADDRESS', ['required' => true]),
            new TextField('DESCRIPTION'),
            new StringField('GPS_N'),
            new StringField('GPS_S'),
            new StringField('IMAGE_ID'),
            new IntegerField('LOCATION_ID'),
            new DatetimeField('DATE_MODIFY'),
            new DatetimeField('DATE_CREATE'),
            new IntegerField('USER_ID'),
            new IntegerField('MODIFIED_BY'),
            new StringField('PHONE'),
            new StringField('SCHEDULE'),
            new StringField('XML_ID'),
            new IntegerField('SORT'),
            new StringField('EMAIL'),
            new BooleanField('ISSUING_CENTER', ['values' => ['N', 'Y']]),
            new BooleanField('SHIPPING_CENTER', ['values' => ['N', 'Y']]),
            new StringField('SITE_ID'),
            new StringField('CODE'),
            new EnumField('IS_DEFAULT'),
        ];
    }

    public static function getDefaultStoreId(): ?int
    {
        $store = self::getRow(['select' => ['ID'], 'filter' => ['=ACTIVE' => 'Y', '=IS_DEFAULT' => 'Y']]);
        return $store === null ? null : (int)$store['ID'];
    }

    public static function onBeforeUpdate(\Bitrix\Main\ORM\Event $event)
    {
        $result = new \Bitrix\Main\ORM\EventResult();
        $result->modifyFields(['DATE_MODIFY' => new \Bitrix\Main\Type\DateTime()]);
        return $result;
    }
}
