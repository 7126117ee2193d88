<?php

namespace Bitrix\Sale;

use Bitrix\Sale\Internals\OrderPropsTable;

/** Properties of orders. */
class Property
{
    public static function getList(array $parameters = [])
    {
        $parameters['filter']['=ENTITY_TYPE'] = 'ORDER';
        return OrderPropsTable::getList($parameters);
    }
}
