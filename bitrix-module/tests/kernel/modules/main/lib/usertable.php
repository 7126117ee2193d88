<?php

namespace Bitrix\Main;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DateField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;
use Bitrix\Main\ORM\Fields\TextField;

/** The table `b_user`. */
class UserTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_user';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new StringField('LOGIN'),
            new StringField('PASSWORD'),
            new StringField('EMAIL'),
            new BooleanField('ACTIVE', ['values' => ['N', 'Y']]),
            new BooleanField('BLOCKED', ['values' => ['N', 'Y']]),
            new DatetimeField('DATE_REGISTER'),
            new DatetimeField('LAST_LOGIN'),
            new DatetimeField('LAST_ACTIVITY_DATE'),
            new DatetimeField('TIMESTAMP_X'),
            new StringField('NAME'),
            new StringField('SECOND_NAME'),
            new StringField('LAST_NAME'),
            new StringField('TITLE'),
            new StringField('EXTERNAL_AUTH_ID'),
            new StringField('XML_ID'),
            new StringField('BX_USER_ID'),
            new StringField('CONFIRM_CODE'),
            new StringField('LID'),
            new StringField('LANGUAGE_ID'),
            new StringField('TIME_ZONE'),
            new IntegerField('TIME_ZONE_OFFSET'),
            new StringField('PERSONAL_PROFESSION'),
            new StringField('PERSONAL_PHONE'),
            new StringField('PERSONAL_MOBILE'),
            new StringField('PERSONAL_WWW'),
            new StringField('PERSONAL_ICQ'),
            new StringField('PERSONAL_FAX'),
            new StringField('PERSONAL_PAGER'),
            new TextField('PERSONAL_STREET'),
            new StringField('PERSONAL_MAILBOX'),
            new StringField('PERSONAL_CITY'),
            new StringField('PERSONAL_STATE'),
            new StringField('PERSONAL_ZIP'),
            new StringField('PERSONAL_COUNTRY'),
            new DateField('PERSONAL_BIRTHDAY'),
            new StringField('PERSONAL_GENDER'),
            new IntegerField('PERSONAL_PHOTO'),
            new TextField('PERSONAL_NOTES'),
            new StringField('WORK_COMPANY'),
            new StringField('WORK_DEPARTMENT'),
            new StringField('WORK_PHONE'),
            new StringField('WORK_POSITION'),
            new StringField('WORK_WWW'),
            new StringField('WORK_FAX'),
            new StringField('WORK_PAGER'),
            new TextField('WORK_STREET'),
            new StringField('WORK_MAILBOX'),
            new StringField('WORK_CITY'),
            new StringField('WORK_STATE'),
            new StringField('WORK_ZIP'),
            new StringField('WORK_COUNTRY'),
            new TextField('WORK_PROFILE'),
            new IntegerField('WORK_LOGO'),
            new TextField('WORK_NOTES'),
            new TextField('ADMIN_NOTES'),
        ];
    }
}
