<?php

namespace Bitrix\Catalog;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_catalog_group`. */
class GroupTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_catalog_group';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new StringField('NAME', ['required' => true]),
            new BooleanField('BASE', ['values' => ['N', 'Y']]),
            new IntegerField('SORT'),
            new StringField('XML_ID'),
            new DatetimeField('TIMESTAMP_X'),
            new IntegerField('MODIFIED_BY'),
            new DatetimeField('DATE_CREATE'),
            new IntegerField('CREATED_BY'),
        ];
    }

    public static function getBasePriceType(): ?array
    {
        return self::getRow(['filter' => ['=BASE' => 'Y']]);
    }

    public static function getBasePriceTypeId(): ?int
    {
        $type = self::getBasePriceType();
        return $type === null ? null : (int)$type['ID'];
    }
}
