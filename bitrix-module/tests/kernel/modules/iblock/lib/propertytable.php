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

/** The table `b_iblock_property`. */
class PropertyTable extends DataManager
{
    public const CHECKBOX = 'C';
    public const LISTBOX = 'L';
    public const TYPE_STRING = 'S';
    public const TYPE_NUMBER = 'N';
    public const TYPE_FILE = 'F';
    public const TYPE_ELEMENT = 'E';
    public const TYPE_SECTION = 'G';
    public const TYPE_LIST = 'L';
    public const DEFAULT_MULTIPLE_CNT = 5;
    public const USER_TYPE_DATE = 'Date';
    public const USER_TYPE_DATETIME = 'DateTime';
    public const USER_TYPE_XML_ID = 'ElementXmlID';
    public const USER_TYPE_FILE_MAN = 'FileMan';
    public const USER_TYPE_HTML = 'HTML';
    public const USER_TYPE_ELEMENT_LIST = 'EList';
    public const USER_TYPE_SEQUENCE = 'Sequence';
    public const USER_TYPE_ELEMENT_AUTOCOMPLETE = 'EAutocomplete';
    public const USER_TYPE_SKU = 'SKU';
    public const USER_TYPE_SECTION_AUTOCOMPLETE = 'SectionAuto';
    public const USER_TYPE_CRM = 'ECrm';
    public const USER_TYPE_MONEY = 'Money';
    public const USER_TYPE_DISK = 'DiskFile';
    public const USER_TYPE_GOOGLE_MAP = 'map_google';
    public const USER_TYPE_YANDEX_MAP = 'map_yandex';
    public const USER_TYPE_FORUM_TOPIC = 'TopicID';
    public const USER_TYPE_DIRECTORY = 'directory';
    public const USER_TYPE_EMPLOYEE = 'employee';
    public const USER_TYPE_USER = 'UserID';

    public static function getTableName()
    {
        return 'b_iblock_property';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new DatetimeField('TIMESTAMP_X'),
            new IntegerField('IBLOCK_ID'),
            new StringField('NAME'),
            new BooleanField('ACTIVE', ['values' => ['N', 'Y']]),
            new IntegerField('SORT'),
            new StringField('CODE'),
            new TextField('DEFAULT_VALUE'),
            new EnumField('PROPERTY_TYPE'),
            new IntegerField('ROW_COUNT'),
            new IntegerField('COL_COUNT'),
            new EnumField('LIST_TYPE'),
            new BooleanField('MULTIPLE', ['values' => ['N', 'Y']]),
            new StringField('XML_ID'),
            new StringField('FILE_TYPE'),
            new IntegerField('MULTIPLE_CNT'),
            new StringField('TMP_ID'),
            new IntegerField('LINK_IBLOCK_ID'),
            new BooleanField('WITH_DESCRIPTION', ['values' => ['N', 'Y']]),
            new BooleanField('SEARCHABLE', ['values' => ['N', 'Y']]),
            new BooleanField('FILTRABLE', ['values' => ['N', 'Y']]),
            new BooleanField('IS_REQUIRED', ['values' => ['N', 'Y']]),
            new EnumField('VERSION'),
            new StringField('USER_TYPE'),
            new TextField('USER_TYPE_SETTINGS'),
            new StringField('HINT'),
            new Reference('IBLOCK', \Bitrix\Iblock\IblockTable::class, ['=this.IBLOCK_ID' => 'ref.ID']),
        ];
    }
}
