<?php

namespace Bitrix\Catalog;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\EnumField;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_catalog_docs_element`. */
class StoreDocumentElementTable extends DataManager
{
    public const EXTRA_RATE_PERCENTAGE = 1;
    public const EXTRA_RATE_MONETARY = 2;

    public static function getTableName()
    {
        return 'b_catalog_docs_element';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('DOC_ID', ['required' => true]),
            new IntegerField('STORE_FROM'),
            new IntegerField('STORE_TO'),
            new IntegerField('ELEMENT_ID'),
            new FloatField('AMOUNT'),
            new FloatField('PURCHASING_PRICE'),
            new FloatField('BASE_PRICE'),
            new FloatField('BASE_PRICE_EXTRA'),
            new EnumField('BASE_PRICE_EXTRA_RATE'),
            new StringField('COMMENT'),
        ];
    }
}
