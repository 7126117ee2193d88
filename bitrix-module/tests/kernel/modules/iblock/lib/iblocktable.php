<?php

namespace Bitrix\Iblock;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\EnumField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_iblock`. */
class IblockTable extends DataManager
{
    public const TYPE_TEXT = 'text';
    public const TYPE_HTML = 'html';
    public const PROPERTY_STORAGE_COMMON = 1;
    public const PROPERTY_STORAGE_SEPARATE = 2;
    public const RIGHTS_SIMPLE = 'S';
    public const RIGHTS_EXTENDED = 'E';
    public const PROPERTY_INDEX_DISABLE = 'N';
    public const PROPERTY_INDEX_ENABLE = 'Y';
    public const PROPERTY_INDEX_INVALID = 'I';
    public const LIST_MODE_SEPARATE = 'S';
    public const LIST_MODE_COMBINED = 'C';
    public const SECTION_CHOOSER_SELECT = 'L';
    public const SECTION_CHOOSER_DROPDOWNS = 'D';
    public const SECTION_CHOOSER_PATH = 'P';
    public const DATA_CLASS_NAMESPACE = 'Bitrix\\Iblock\\Elements';
    public const DATA_CLASS_PREFIX = 'Element';

    public static function getTableName()
    {
        return 'b_iblock';
    }

    public static function getMap()
    {
        return [
            new StringField('API_CODE'),
            new BooleanField('REST_ON', ['values' => ['N', 'Y']]),
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new DatetimeField('TIMESTAMP_X'),
            new StringField('IBLOCK_TYPE_ID', ['required' => true]),
            new StringField('LID'),
            new StringField('CODE'),
            new StringField('NAME', ['required' => true]),
            new BooleanField('ACTIVE', ['values' => ['N', 'Y']]),
            new IntegerField('SORT'),
            new StringField('LIST_PAGE_URL'),
            new StringField('DETAIL_PAGE_URL'),
            new StringField('SECTION_PAGE_URL'),
            new StringField('CANONICAL_PAGE_URL'),
            new IntegerField('PICTURE'),
            new StringField('DESCRIPTION'),
            new EnumField('DESCRIPTION_TYPE'),
            new StringField('XML_ID'),
            new StringField('TMP_ID'),
            new BooleanField('INDEX_ELEMENT', ['values' => ['N', 'Y']]),
            new BooleanField('INDEX_SECTION', ['values' => ['N', 'Y']]),
            new BooleanField('WORKFLOW', ['values' => ['N', 'Y']]),
            new BooleanField('BIZPROC', ['values' => ['N', 'Y']]),
            new EnumField('SECTION_CHOOSER'),
            new EnumField('LIST_MODE'),
            new EnumField('RIGHTS_MODE'),
            new BooleanField('SECTION_PROPERTY', ['values' => ['N', 'Y']]),
            new EnumField('PROPERTY_INDEX'),
            new EnumField('VERSION'),
            new IntegerField('LAST_CONV_ELEMENT'),
            new IntegerField('SOCNET_GROUP_ID'),
            new StringField('EDIT_FILE_BEFORE'),
            new StringField('EDIT_FILE_AFTER'),
            new BooleanField('FULLTEXT_INDEX', ['values' => ['N', 'Y']]),
        ];
    }
}
