<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Bitrix\Main\Application;

/** Rates by day; the currency's own amount where the day has none. */
class CCurrencyRates
{
    public static function Add($arFields)
    {
        if (!OldEvent::allows('currency', 'OnBeforeCurrencyRateAdd', [&$arFields])) {
            return false;
        }
        $arFields['RATE'] = (float)$arFields['RATE'];
        $arFields += ['BASE_CURRENCY' => \Bitrix\Currency\CurrencyManager::getBaseCurrency(), '~TIMESTAMP_X' => 'now()', 'MODIFIED_BY' => 1,
            '~DATE_CREATE' => 'now()', 'CREATED_BY' => 1];
        $id = (int)Application::getConnection()->add('b_catalog_currency_rate', ['DATE_RATE' => new \Bitrix\Main\Type\Date($arFields['DATE_RATE'])] + $arFields);
        CCurrency::updateCurrencyBaseRate($arFields['CURRENCY']);
        OldEvent::tell('currency', 'OnCurrencyRateAdd', [$id, $arFields]);
        return $id;
    }

    public static function ConvertCurrency($valSum, $curFrom, $curTo, $valDate = "")
    {
        return (float)$valSum * self::GetConvertFactorEx($curFrom, $curTo, $valDate);
    }

    public static function GetConvertFactor($curFrom, $curTo, $valDate = "")
    {
        return self::GetConvertFactorEx($curFrom, $curTo, $valDate);
    }

    public static function GetConvertFactorEx($curFrom, $curTo, $valDate = "")
    {
        return $curFrom === $curTo ? 1.0 : self::toBase($curFrom) / self::toBase($curTo);
    }

    private static function toBase(string $currency): float
    {
        $helper = Application::getConnection()->getSqlHelper();
        $name = $helper->forSql($currency);
        $rate = Application::getConnection()->queryScalar("SELECT RATE / RATE_CNT FROM b_catalog_currency_rate WHERE CURRENCY = '$name'"
            . ' AND DATE_RATE <= CURDATE() ORDER BY DATE_RATE DESC, ID DESC LIMIT 1')
            ?? Application::getConnection()->queryScalar("SELECT AMOUNT / AMOUNT_CNT FROM b_catalog_currency WHERE CURRENCY = '$name'");
        return (float)($rate ?? 0) ?: 1.0;
    }
}
