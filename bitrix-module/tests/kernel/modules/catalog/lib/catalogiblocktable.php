<?php

namespace Bitrix\Catalog;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\Relations\Reference;

/** The table `b_catalog_iblock`. */
class CatalogIblockTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_catalog_iblock';
    }

    public static function getMap()
    {
        return [
            new IntegerField('IBLOCK_ID', ['primary' => true]),
            new BooleanField('YANDEX_EXPORT', ['values' => ['N', 'Y']]),
            new BooleanField('SUBSCRIPTION', ['values' => ['N', 'Y']]),
            new IntegerField('VAT_ID'),
            new IntegerField('PRODUCT_IBLOCK_ID'),
            new IntegerField('SKU_PROPERTY_ID'),
            new Reference('IBLOCK', \Bitrix\Iblock\IblockTable::class, ['=this.IBLOCK_ID' => 'ref.ID']),
            new Reference('PRODUCT_IBLOCK', \Bitrix\Iblock\IblockTable::class, ['=this.PRODUCT_IBLOCK_ID' => 'ref.ID']),
        ];
    }
}
