<?php

namespace Bitrix\Main\Localization;

use Bitrix\Main\Context;

/** Phrases of `lang/<language>/<same path>.php`; files are loaded when a phrase is asked for. */
class Loc
{
    private static $currentLang;
    private static $messages = [];
    private static $lazy = [];

    public static function loadMessages($file)
    {
        self::$lazy[$file] = $file;
    }

    public static function getMessage($code, $replace = null, $language = null)
    {
        $language ??= self::getCurrentLang();
        if (!isset(self::$messages[$language][$code])) {
            foreach (self::$lazy as $file) {
                self::loadLanguageFile($file, $language);
            }
        }
        $text = self::$messages[$language][$code] ?? null;
        return $text !== null && is_array($replace) ? strtr($text, $replace) : $text;
    }

    public static function loadLanguageFile($file, $language = null, $normalize = true)
    {
        $language ??= self::getCurrentLang();
        $found = self::languageFile((string)$file, $language);
        $MESS = [];
        if ($found !== null) {
            include $found;
        }
        self::$messages[$language] = $MESS + (self::$messages[$language] ?? []);
        return $MESS;
    }

    /** The nearest folder above with `lang/<language>` that has the same tail. */
    private static function languageFile(string $file, string $language): ?string
    {
        $tail = basename($file);
        for ($folder = dirname($file); $folder !== '/' && $folder !== '.'; $folder = dirname($folder)) {
            if (is_file("$folder/lang/$language/$tail")) {
                return "$folder/lang/$language/$tail";
            }
            $tail = basename($folder) . '/' . $tail;
        }
        return null;
    }

    public static function getCurrentLang()
    {
        return self::$currentLang ?? Context::getCurrent()?->getLanguage() ?? 'en';
    }

    public static function setCurrentLang($language)
    {
        self::$currentLang = $language;
    }
}
