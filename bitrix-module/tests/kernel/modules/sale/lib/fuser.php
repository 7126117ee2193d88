<?php

namespace Bitrix\Sale;

use Bitrix\Main\Application;

/** Visitors who fill baskets. */
class Fuser
{
    public static function getIdByUserId($userId)
    {
        $userId = (int)$userId;
        $id = Application::getConnection()->queryScalar("SELECT ID FROM b_sale_fuser WHERE USER_ID = $userId");
        return $id !== null ? (int)$id : (int)Application::getConnection()->add('b_sale_fuser', ['USER_ID' => $userId, 'CODE' => md5((string)$userId),
            'DATE_INSERT' => new \Bitrix\Main\Type\DateTime(), 'DATE_UPDATE' => new \Bitrix\Main\Type\DateTime()]);
    }

    public static function getUserIdById($fuserId): int
    {
        return (int)Application::getConnection()->queryScalar('SELECT USER_ID FROM b_sale_fuser WHERE ID = ' . (int)$fuserId);
    }
}
