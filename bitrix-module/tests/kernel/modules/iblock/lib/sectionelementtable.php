<?php

namespace Bitrix\Iblock;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\Relations\Reference;

/** The table `b_iblock_section_element`. */
class SectionElementTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_iblock_section_element';
    }

    public static function getMap()
    {
        return [
            new IntegerField('IBLOCK_SECTION_ID', ['primary' => true]),
            new IntegerField('IBLOCK_ELEMENT_ID', ['primary' => true]),
            new IntegerField('ADDITIONAL_PROPERTY_ID'),
            new Reference('IBLOCK_SECTION', \Bitrix\Iblock\SectionTable::class, ['=this.IBLOCK_SECTION_ID' => 'ref.ID']),
            new Reference('IBLOCK_ELEMENT', \Bitrix\Iblock\ElementTable::class, ['=this.IBLOCK_ELEMENT_ID' => 'ref.ID']),
        ];
    }
}
