<?php

namespace Bitrix\Iblock;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\Relations\Reference;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_iblock_property_enum`. */
class PropertyEnumerationTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_iblock_property_enum';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('PROPERTY_ID', ['primary' => true]),
            new StringField('VALUE', ['required' => true]),
            new BooleanField('DEF', ['values' => ['N', 'Y']]),
            new IntegerField('SORT'),
            new StringField('XML_ID'),
            new StringField('TMP_ID'),
            new Reference('PROPERTY', \Bitrix\Iblock\PropertyTable::class, ['=this.PROPERTY_ID' => 'ref.ID']),
        ];
    }
}
