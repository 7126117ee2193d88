<?php

/** Users' time zones: none here, the shop's time is the server's. */
class CTimeZone
{
    private static $disabled = 0;

    public static function Enabled()
    {
        return self::$disabled === 0;
    }

    public static function Disable()
    {
        self::$disabled++;
    }

    public static function Enable()
    {
        self::$disabled = max(0, self::$disabled - 1);
    }

    public static function GetOffset($USER_ID = null, $forced = false, ?\Bitrix\Main\Type\DateTime $date = null)
    {
        return 0;
    }
}
