<?php

namespace Bitrix\Main\Security;

/** Chance. */
class Random
{
    public static function getInt($min = 0, $max = \PHP_INT_MAX)
    {
        return random_int($min, $max);
    }

    public static function getBytes($length)
    {
        return random_bytes($length);
    }

    public static function getString($length, $caseSensitive = false)
    {
        $alphabet = '0123456789abcdefghijklmnopqrstuvwxyz' . ($caseSensitive ? 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' : '');
        $text = '';
        while (strlen($text) < $length) {
            $text .= $alphabet[random_int(0, strlen($alphabet) - 1)];
        }
        return $text;
    }
}
