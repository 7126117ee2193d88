<?php

namespace Bitrix\Catalog;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\Relations\Reference;

/** The table `b_catalog_measure_ratio`. */
class MeasureRatioTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_catalog_measure_ratio';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('PRODUCT_ID', ['required' => true]),
            new FloatField('RATIO', ['required' => true]),
            new BooleanField('IS_DEFAULT', ['values' => ['N', 'Y']]),
            new Reference('PRODUCT', \Bitrix\Catalog\ProductTable::class, ['=this.PRODUCT_ID' => 'ref.ID']),
        ];
    }
}
