<?php

namespace Bitrix\Sale\PaySystem;

use Bitrix\Sale\Internals\PaySystemActionTable;

/** Pay systems of the shop. */
class Manager
{
    public static function getList(array $params = array())
    {
        return PaySystemActionTable::getList($params);
    }

    public static function getById($id)
    {
        return (int)$id > 0 ? PaySystemActionTable::getRowById((int)$id) ?? false : false;
    }

    public static function getObjectById($id)
    {
        $row = self::getById($id);
        return $row === false ? null : new Service($row);
    }

    public static function getInnerPaySystemId(): int
    {
        return (int)(PaySystemActionTable::getRow(['select' => ['ID'], 'filter' => ['=ACTION_FILE' => 'inner']])['ID'] ?? 0);
    }

    public static function add(array $data): \Bitrix\Main\ORM\Data\AddResult
    {
        return PaySystemActionTable::add($data);
    }

    public static function update($primary, array $data): \Bitrix\Main\ORM\Data\UpdateResult
    {
        return PaySystemActionTable::update($primary, $data);
    }
}
