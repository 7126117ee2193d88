<?php

namespace Bitrix\Currency;

/** Which currencies there are, and which is the base. */
class CurrencyManager
{
    private static $base;

    public static function getBaseCurrency(): ?string
    {
        return self::$base ??= CurrencyTable::getRow(['select' => ['CURRENCY'], 'filter' => ['=BASE' => 'Y']])['CURRENCY'] ?? null;
    }

    public static function getInstalledCurrencies(): array
    {
        return array_column(CurrencyTable::getList(['select' => ['CURRENCY'], 'order' => ['SORT' => 'ASC']])->fetchAll(), 'CURRENCY');
    }

    public static function getCurrencyList(): array
    {
        $names = [];
        $rows = CurrencyLangTable::getList(['filter' => ['=LID' => LANGUAGE_ID]])->fetchAll();
        foreach ($rows as $row) {
            $names[$row['CURRENCY']] = "{$row['FULL_NAME']} ({$row['CURRENCY']})";
        }
        return $names;
    }

    public static function getNameList(): array
    {
        return self::getCurrencyList();
    }

    public static function checkCurrencyID($currency)
    {
        $currency = (string)$currency;
        return $currency === '' || strlen($currency) > 3 ? false : $currency;
    }

    public static function isCurrencyExist($currency): bool
    {
        return in_array($currency, self::getInstalledCurrencies(), true);
    }

    public static function clearCurrencyCache($language = '')
    {
        self::$base = null;
    }
}
