<?php

/** Text for scripts. */
class CUtil
{
    public static function JSEscape($s)
    {
        return strtr((string)$s, ['\\' => '\\\\', "'" => "\\'", '"' => '\\"', "\n" => '\\n', "\r" => '\\r', '</' => '<\\/']);
    }

    public static function PhpToJSObject($arData, $bWS = false, $bSkipTilda = false, $bExtType = false)
    {
        return \Bitrix\Main\Web\Json::encode($arData);
    }
}
