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

/** The table `b_iblock_element`. */
class ElementTable extends DataManager
{
    public const TYPE_TEXT = 'text';
    public const TYPE_HTML = 'html';

    public static function getTableName()
    {
        return 'b_iblock_element';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new DatetimeField('TIMESTAMP_X'),
            new IntegerField('MODIFIED_BY'),
            new DatetimeField('DATE_CREATE'),
            new IntegerField('CREATED_BY'),
            new IntegerField('IBLOCK_ID', ['required' => true]),
            new IntegerField('IBLOCK_SECTION_ID'),
            new BooleanField('ACTIVE', ['values' => ['N', 'Y']]),
            new DatetimeField('ACTIVE_FROM'),
            new DatetimeField('ACTIVE_TO'),
            new IntegerField('SORT'),
            new StringField('NAME', ['required' => true]),
            new IntegerField('PREVIEW_PICTURE'),
            new TextField('PREVIEW_TEXT'),
            new EnumField('PREVIEW_TEXT_TYPE'),
            new IntegerField('DETAIL_PICTURE'),
            new TextField('DETAIL_TEXT'),
            new EnumField('DETAIL_TEXT_TYPE'),
            new TextField('SEARCHABLE_CONTENT'),
            new IntegerField('WF_STATUS_ID'),
            new IntegerField('WF_PARENT_ELEMENT_ID'),
            new EnumField('WF_NEW'),
            new IntegerField('WF_LOCKED_BY'),
            new DatetimeField('WF_DATE_LOCK'),
            new TextField('WF_COMMENTS'),
            new BooleanField('IN_SECTIONS', ['values' => ['N', 'Y']]),
            new StringField('XML_ID'),
            new StringField('CODE'),
            new StringField('TAGS'),
            new StringField('TMP_ID'),
            new IntegerField('SHOW_COUNTER'),
            new DatetimeField('SHOW_COUNTER_START'),
            new Reference('IBLOCK', \Bitrix\Iblock\IblockTable::class, ['=this.IBLOCK_ID' => 'ref.ID']),
            new Reference('IBLOCK_SECTION', \Bitrix\Iblock\SectionTable::class, ['=this.IBLOCK_SECTION_ID' => 'ref.ID']),
        ];
    }

    /** Only `CIBlockElement` writes elements. */
    public static function add(array $data)
    {
        $result = new \Bitrix\Main\ORM\Data\AddResult();
        return $result->addError(new \Bitrix\Main\ORM\EntityError('Use CIBlockElement.'));
    }

    public static function update($primary, array $data)
    {
        $result = new \Bitrix\Main\ORM\Data\UpdateResult();
        return $result->addError(new \Bitrix\Main\ORM\EntityError('Use CIBlockElement.'));
    }

    public static function delete($primary)
    {
        $result = new \Bitrix\Main\ORM\Data\DeleteResult();
        return $result->addError(new \Bitrix\Main\ORM\EntityError('Use CIBlockElement.'));
    }
}
