<?php

use Bitrix\Main\Application;

/** Notices at the top of the admin's pages: `b_admin_notify`. */
class CAdminNotify
{
    public const TYPE_NORMAL = 'M';
    public const TYPE_ERROR = 'E';

    public static function Add($arFields)
    {
        if (($arFields['TAG'] ?? '') !== '') {
            self::DeleteByTag($arFields['TAG']);
        }
        if (($arFields['MESSAGE'] ?? '') === '') {
            return false;
        }
        return (int)Application::getConnection()->add('b_admin_notify', [
            'MODULE_ID' => $arFields['MODULE_ID'] ?? '',
            'TAG' => $arFields['TAG'] ?? '',
            'MESSAGE' => $arFields['MESSAGE'],
            'ENABLE_CLOSE' => ($arFields['ENABLE_CLOSE'] ?? 'Y') === 'N' ? 'N' : 'Y',
            'PUBLIC_SECTION' => ($arFields['PUBLIC_SECTION'] ?? 'N') === 'Y' ? 'Y' : 'N',
            'NOTIFY_TYPE' => ($arFields['NOTIFY_TYPE'] ?? self::TYPE_NORMAL) === self::TYPE_ERROR ? self::TYPE_ERROR : self::TYPE_NORMAL,
        ]);
    }

    public static function Delete($ID)
    {
        Application::getConnection()->queryExecute('DELETE FROM b_admin_notify WHERE ID = ' . (int)$ID);
        return true;
    }

    public static function DeleteByTag($tagId)
    {
        Application::getConnection()->queryExecute("DELETE FROM b_admin_notify WHERE TAG = '" . Application::getConnection()->getSqlHelper()->forSql($tagId) . "'");
        return true;
    }

    public static function DeleteByModule($moduleId)
    {
        Application::getConnection()->queryExecute("DELETE FROM b_admin_notify WHERE MODULE_ID = '" . Application::getConnection()->getSqlHelper()->forSql($moduleId) . "'");
        return true;
    }

    public static function GetList($arSort = [], $arFilter = [])
    {
        $helper = Application::getConnection()->getSqlHelper();
        $where = ['1 = 1'];
        foreach ($arFilter as $name => $value) {
            $where[] = $helper->quote($name) . " = '" . $helper->forSql($value) . "'";
        }
        return new CDBResult(Application::getConnection()->query('SELECT * FROM b_admin_notify WHERE ' . implode(' AND ', $where) . ' ORDER BY ID DESC'));
    }
}
