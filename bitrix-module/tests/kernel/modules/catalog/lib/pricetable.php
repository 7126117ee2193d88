<?php

namespace Bitrix\Catalog;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\Relations\Reference;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_catalog_price`. */
class PriceTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_catalog_price';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('PRODUCT_ID', ['required' => true]),
            new IntegerField('EXTRA_ID'),
            new IntegerField('CATALOG_GROUP_ID', ['required' => true]),
            new FloatField('PRICE', ['required' => true]),
            new StringField('CURRENCY', ['required' => true]),
            new DatetimeField('TIMESTAMP_X', ['default_value' => static fn () => new \Bitrix\Main\Type\DateTime()]),
            new IntegerField('QUANTITY_FROM'),
            new IntegerField('QUANTITY_TO'),
            new StringField('TMP_ID'),
            new FloatField('PRICE_SCALE', ['required' => true]),
            new Reference('CATALOG_GROUP', \Bitrix\Catalog\GroupTable::class, ['=this.CATALOG_GROUP_ID' => 'ref.ID']),
            new Reference('ELEMENT', \Bitrix\Iblock\ElementTable::class, ['=this.PRODUCT_ID' => 'ref.ID']),
            new Reference('PRODUCT', \Bitrix\Catalog\ProductTable::class, ['=this.PRODUCT_ID' => 'ref.ID']),
        ];
    }

    /** No event tells of it. */
    public static function deleteByProduct($id)
    {
        \Bitrix\Main\Application::getConnection()->queryExecute('DELETE FROM b_catalog_price WHERE PRODUCT_ID = ' . (int)$id);
    }
}
