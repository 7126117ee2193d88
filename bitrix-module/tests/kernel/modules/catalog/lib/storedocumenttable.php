<?php

namespace Bitrix\Catalog;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\EnumField;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_catalog_store_docs`. */
class StoreDocumentTable extends DataManager
{
    public const TYPE_ARRIVAL = 'A';
    public const TYPE_STORE_ADJUSTMENT = 'S';
    public const TYPE_MOVING = 'M';
    public const TYPE_RETURN = 'R';
    public const TYPE_DEDUCT = 'D';
    public const TYPE_UNDO_RESERVE = 'U';
    public const TYPE_SALES_ORDERS = 'W';
    public const STATUS_CONDUCTED = 'Y';
    public const STATUS_DRAFT = 'N';
    public const STATUS_CANCELLED = 'C';

    public static function getTableName()
    {
        return 'b_catalog_store_docs';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new StringField('TITLE'),
            new EnumField('DOC_TYPE', ['required' => true]),
            new StringField('DOC_NUMBER'),
            new StringField('SITE_ID'),
            new IntegerField('CONTRACTOR_ID'),
            new DatetimeField('DATE_MODIFY'),
            new DatetimeField('DATE_CREATE'),
            new IntegerField('CREATED_BY'),
            new IntegerField('MODIFIED_BY'),
            new IntegerField('RESPONSIBLE_ID'),
            new StringField('CURRENCY'),
            new BooleanField('STATUS', ['values' => ['N', 'Y']]),
            new BooleanField('WAS_CANCELLED', ['values' => ['N', 'Y']]),
            new DatetimeField('DATE_STATUS'),
            new DatetimeField('DATE_DOCUMENT'),
            new IntegerField('STATUS_BY'),
            new FloatField('TOTAL'),
            new StringField('COMMENTARY'),
            new DatetimeField('ITEMS_ORDER_DATE'),
            new DatetimeField('ITEMS_RECEIVED_DATE'),
        ];
    }
}
