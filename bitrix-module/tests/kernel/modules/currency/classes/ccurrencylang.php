<?php

/** How prices are written. */
class CCurrencyLang
{
    public static function CurrencyFormat($price, $currency, $useTemplate = true)
    {
        $format = self::GetCurrencyFormat($currency);
        $text = number_format((float)$price, (int)$format['DECIMALS'], $format['DEC_POINT'], $format['THOUSANDS_SEP']);
        return $useTemplate ? str_replace('#', $text, $format['FORMAT_STRING']) : $text;
    }

    public static function GetCurrencyFormat($currency, $lang = LANGUAGE_ID)
    {
        $row = \Bitrix\Currency\CurrencyLangTable::getRow(['filter' => ['=CURRENCY' => $currency, '=LID' => $lang]]) ?? [];
        return $row + ['FORMAT_STRING' => "# $currency", 'DECIMALS' => 2, 'DEC_POINT' => '.', 'THOUSANDS_SEP' => ' '];
    }
}
