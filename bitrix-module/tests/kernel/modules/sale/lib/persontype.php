<?php

namespace Bitrix\Sale;

use Bitrix\Sale\Internals\PersonTypeTable;

/** Kinds of payers. */
class PersonType
{
    public static function getList(array $parameters = [])
    {
        return PersonTypeTable::getList($parameters);
    }

    public static function load($siteId = null, $id = null)
    {
        $filter = ['=ACTIVE' => 'Y'] + ($siteId === null ? [] : ['=LID' => $siteId]) + ($id === null ? [] : ['=ID' => $id]);
        $types = PersonTypeTable::getList(['filter' => $filter, 'order' => ['SORT' => 'ASC', 'ID' => 'ASC']])->fetchAll();
        return array_column($types, null, 'ID');
    }
}
