<?php

namespace Bitrix\Iblock;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\EnumField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\Relations\Reference;
use Bitrix\Main\ORM\Fields\StringField;
use Bitrix\Main\ORM\Fields\TextField;

/** The table `b_iblock_section`. */
class SectionTable extends DataManager
{
    public const TYPE_TEXT = 'text';
    public const TYPE_HTML = 'html';

    public static function getTableName()
    {
        return 'b_iblock_section';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new DatetimeField('TIMESTAMP_X', ['required' => true]),
            new IntegerField('MODIFIED_BY'),
            new DatetimeField('DATE_CREATE'),
            new IntegerField('CREATED_BY'),
            new IntegerField('IBLOCK_ID', ['required' => true]),
            new IntegerField('IBLOCK_SECTION_ID'),
            new BooleanField('ACTIVE', ['values' => ['N', 'Y']]),
            new BooleanField('GLOBAL_ACTIVE', ['values' => ['N', 'Y']]),
            new IntegerField('SORT'),
            new StringField('NAME', ['required' => true]),
            new IntegerField('PICTURE'),
            new IntegerField('LEFT_MARGIN'),
            new IntegerField('RIGHT_MARGIN'),
            new IntegerField('DEPTH_LEVEL'),
            new TextField('DESCRIPTION'),
            new EnumField('DESCRIPTION_TYPE', ['required' => true]),
            new TextField('SEARCHABLE_CONTENT'),
            new StringField('CODE'),
            new StringField('XML_ID'),
            new StringField('TMP_ID'),
            new IntegerField('DETAIL_PICTURE'),
            new IntegerField('SOCNET_GROUP_ID'),
            new Reference('IBLOCK', \Bitrix\Iblock\IblockTable::class, ['=this.IBLOCK_ID' => 'ref.ID']),
            new Reference('PARENT_SECTION', \Bitrix\Iblock\SectionTable::class, ['=this.IBLOCK_SECTION_ID' => 'ref.ID']),
        ];
    }

    public static function onBeforeUpdate(\Bitrix\Main\ORM\Event $event)
    {
        $result = new \Bitrix\Main\ORM\EventResult();
        $result->modifyFields(['TIMESTAMP_X' => new \Bitrix\Main\Type\DateTime()]);
        return $result;
    }
}
