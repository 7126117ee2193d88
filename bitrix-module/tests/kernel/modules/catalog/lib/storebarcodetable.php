<?php

namespace Bitrix\Catalog;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_catalog_store_barcode`. */
class StoreBarcodeTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_catalog_store_barcode';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('PRODUCT_ID', ['required' => true]),
            new StringField('BARCODE', ['required' => true]),
            new IntegerField('STORE_ID'),
            new IntegerField('ORDER_ID'),
            new DatetimeField('DATE_MODIFY'),
            new DatetimeField('DATE_CREATE'),
            new IntegerField('CREATED_BY'),
            new IntegerField('MODIFIED_BY'),
        ];
    }
}
