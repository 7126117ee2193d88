<?php

use Bitrix\Main\Config\Option;

/** Buyers without an account of their own. */
class CSaleUser
{
    public static function GetAnonymousUserID()
    {
        $id = (int)Option::get('sale', 'one_click_user', 0);
        if ($id > 0 && CUser::GetByID($id)->Fetch() !== false) {
            return $id;
        }
        $id = (int)(new CUser())->Add(['LOGIN' => 'anonymous_' . bin2hex(random_bytes(4)), 'PASSWORD' => bin2hex(random_bytes(16)), 'NAME' => 'Anonymous',
            'EMAIL' => 'anonymous@shop.example', 'ACTIVE' => 'N']);
        Option::set('sale', 'one_click_user', $id);
        return $id;
    }
}
