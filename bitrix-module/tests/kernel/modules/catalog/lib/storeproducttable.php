<?php

namespace Bitrix\Catalog;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\Relations\Reference;

/** The table `b_catalog_store_product`. */
class StoreProductTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_catalog_store_product';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('STORE_ID', ['required' => true]),
            new IntegerField('PRODUCT_ID', ['required' => true]),
            new FloatField('AMOUNT'),
            new FloatField('QUANTITY_RESERVED'),
            new Reference('STORE', \Bitrix\Catalog\StoreTable::class, ['=this.STORE_ID' => 'ref.ID']),
            new Reference('PRODUCT', \Bitrix\Catalog\ProductTable::class, ['=this.PRODUCT_ID' => 'ref.ID']),
        ];
    }

    /** No event tells of it. */
    public static function deleteByProduct($id)
    {
        \Bitrix\Main\Application::getConnection()->queryExecute('DELETE FROM b_catalog_store_product WHERE PRODUCT_ID = ' . (int)$id);
        return true;
    }
}
