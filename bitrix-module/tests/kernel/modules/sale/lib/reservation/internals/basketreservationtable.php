<?php

namespace Bitrix\Sale\Reservation\Internals;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\DateField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\FloatField;
use Bitrix\Main\ORM\Fields\IntegerField;

/** The table `b_sale_basket_reservation`. */
class BasketReservationTable extends DataManager
{
    public static function getTableName()
    {
        return 'b_sale_basket_reservation';
    }

    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new FloatField('QUANTITY'),
            new DatetimeField('DATE_RESERVE'),
            new DateField('DATE_RESERVE_END'),
            new IntegerField('RESERVED_BY'),
            new IntegerField('BASKET_ID'),
            new IntegerField('STORE_ID'),
        ];
    }
}
