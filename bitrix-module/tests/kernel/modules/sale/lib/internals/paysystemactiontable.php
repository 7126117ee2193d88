<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\EnumField;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The table `b_sale_pay_system_action`. */
class PaySystemActionTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_pay_system_action';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new IntegerField('PAY_SYSTEM_ID'),
            new IntegerField('PERSON_TYPE_ID'),
            new StringField('NAME'),
            new StringField('PSA_NAME'),
            new StringField('CODE'),
            new IntegerField('SORT'),
            new StringField('ACTION_FILE'),
            new StringField('RESULT_FILE'),
            new StringField('DESCRIPTION'),
            new BooleanField('NEW_WINDOW', ['values' => ['N', 'Y']]),
            new StringField('PARAMS'),
            new StringField('TARIF'),
            new StringField('PS_MODE'),
            new EnumField('PS_CLIENT_TYPE'),
            new BooleanField('HAVE_PAYMENT', ['values' => ['N', 'Y']]),
            new BooleanField('HAVE_ACTION', ['values' => ['N', 'Y']]),
            new BooleanField('HAVE_RESULT', ['values' => ['N', 'Y']]),
            new BooleanField('HAVE_PREPAY', ['values' => ['N', 'Y']]),
            new BooleanField('HAVE_PRICE', ['values' => ['N', 'Y']]),
            new BooleanField('HAVE_RESULT_RECEIVE', ['values' => ['N', 'Y']]),
            new StringField('ENCODING'),
            new IntegerField('LOGOTIP'),
            new BooleanField('ACTIVE', ['values' => ['N', 'Y']]),
            new BooleanField('ALLOW_EDIT_PAYMENT', ['values' => ['N', 'Y']]),
            new StringField('IS_CASH'),
            new BooleanField('AUTO_CHANGE_1C', ['values' => ['N', 'Y']]),
            new BooleanField('CAN_PRINT_CHECK', ['values' => ['N', 'Y']]),
            new StringField('ENTITY_REGISTRY_TYPE'),
            new StringField('XML_ID'),
        ];
    }
}
