<?php

use Bitrix\Main\Application;

/** The site's log: `b_event_log`. */
class CEventLog
{
    public const SEVERITY_SECURITY = 'SECURITY';
    public const SEVERITY_EMERGENCY = 'EMERGENCY';
    public const SEVERITY_ALERT = 'ALERT';
    public const SEVERITY_CRITICAL = 'CRITICAL';
    public const SEVERITY_ERROR = 'ERROR';
    public const SEVERITY_WARNING = 'WARNING';
    public const SEVERITY_NOTICE = 'NOTICE';
    public const SEVERITY_INFO = 'INFO';
    public const SEVERITY_DEBUG = 'DEBUG';

    public static function Log($SEVERITY, $AUDIT_TYPE_ID, $MODULE_ID, $ITEM_ID, $DESCRIPTION = false, $SITE_ID = false)
    {
        return self::Add(['SEVERITY' => $SEVERITY, 'AUDIT_TYPE_ID' => $AUDIT_TYPE_ID, 'MODULE_ID' => $MODULE_ID, 'ITEM_ID' => $ITEM_ID,
            'DESCRIPTION' => $DESCRIPTION, 'SITE_ID' => $SITE_ID]);
    }

    public static function Add($arFields)
    {
        $description = $arFields['DESCRIPTION'] ?? false;
        return (int)Application::getConnection()->add('b_event_log', [
            'TIMESTAMP_X' => new \Bitrix\Main\Type\DateTime(),
            'SEVERITY' => $arFields['SEVERITY'] ?? 'UNKNOWN',
            'AUDIT_TYPE_ID' => ($arFields['AUDIT_TYPE_ID'] ?? '') === '' ? 'UNKNOWN' : $arFields['AUDIT_TYPE_ID'],
            'MODULE_ID' => ($arFields['MODULE_ID'] ?? '') === '' ? 'UNKNOWN' : $arFields['MODULE_ID'],
            'ITEM_ID' => ($arFields['ITEM_ID'] ?? '') === '' ? 'UNKNOWN' : $arFields['ITEM_ID'],
            'SITE_ID' => ($arFields['SITE_ID'] ?? false) ?: (defined('SITE_ID') ? SITE_ID : null),
            'DESCRIPTION' => $description === false ? null : (is_string($description) ? $description : json_encode($description)),
        ]);
    }

    public static function GetList($arOrder = ["ID" => "DESC"], $arFilter = [], $arNavParams = false)
    {
        $helper = Application::getConnection()->getSqlHelper();
        $where = ['1 = 1'];
        foreach ($arFilter as $name => $value) {
            $where[] = $helper->quote(ltrim($name, '=')) . " = '" . $helper->forSql($value) . "'";
        }
        return new CDBResult(Application::getConnection()->query('SELECT * FROM b_event_log WHERE ' . implode(' AND ', $where) . ' ORDER BY ID DESC'));
    }
}
