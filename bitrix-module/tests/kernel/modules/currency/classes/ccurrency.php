<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Bitrix\Currency\CurrencyManager;
use Bitrix\Currency\CurrencyTable;
use Bitrix\Main\Application;

/** Currencies. */
class CCurrency
{
    public static function GetByID($currency)
    {
        return (new OldList('b_catalog_currency'))->run([], ['=CURRENCY' => $currency], false, false, [])->Fetch();
    }

    public static function GetList($by = 'sort', $order = 'asc', $lang = LANGUAGE_ID)
    {
        return (new OldList('b_catalog_currency'))->run([$by => $order], [], false, false, []);
    }

    public static function GetBaseCurrency()
    {
        return (string)CurrencyManager::getBaseCurrency();
    }

    public static function Add($arFields)
    {
        if (!OldEvent::allows('currency', 'OnBeforeCurrencyAdd', [&$arFields])) {
            return false;
        }
        if (self::GetByID($arFields['CURRENCY']) !== false) {
            return false;
        }
        $fields = $arFields + ['BASE' => 'N', 'AMOUNT_CNT' => 1, 'SORT' => 100];
        Application::getConnection()->add('b_catalog_currency', $fields + ['CURRENT_BASE_RATE' => (float)$fields['AMOUNT'] / (int)$fields['AMOUNT_CNT'],
            'DATE_UPDATE' => new \Bitrix\Main\Type\DateTime()]);
        CurrencyManager::clearCurrencyCache();
        OldEvent::tell('currency', 'OnCurrencyAdd', [$arFields['CURRENCY'], $arFields]);
        return $arFields['CURRENCY'];
    }

    public static function Update($currency, $arFields)
    {
        $arFields['CURRENCY'] = $currency;
        if (!OldEvent::allows('currency', 'OnBeforeCurrencyUpdate', [$currency, &$arFields])) {
            return false;
        }
        isset($arFields['AMOUNT']) && $arFields['AMOUNT'] = (float)$arFields['AMOUNT'];
        $arFields += ['~DATE_UPDATE' => 'now()', 'MODIFIED_BY' => 1];
        [$set] = Application::getConnection()->getSqlHelper()->prepareUpdate('b_catalog_currency', array_diff_key($arFields, ['CURRENCY' => 1]));
        Application::getConnection()->queryExecute("UPDATE b_catalog_currency SET DATE_UPDATE = now(), $set WHERE CURRENCY = '"
            . Application::getConnection()->getSqlHelper()->forSql($currency) . "'");
        self::updateCurrencyBaseRate($currency);
        CurrencyManager::clearCurrencyCache();
        OldEvent::tell('currency', 'OnCurrencyUpdate', [$currency, $arFields]);
        return $currency;
    }

    public static function Delete($currency)
    {
        if (!OldEvent::allows('currency', 'OnBeforeCurrencyDelete', [$currency])) {
            return false;
        }
        OldEvent::tell('currency', 'OnCurrencyDelete', [$currency]);
        $name = Application::getConnection()->getSqlHelper()->forSql($currency);
        Application::getConnection()->queryExecute("DELETE FROM b_catalog_price WHERE CURRENCY = '$name'");
        Application::getConnection()->queryExecute("DELETE FROM b_catalog_currency WHERE CURRENCY = '$name'");
        CurrencyManager::clearCurrencyCache();
        return true;
    }

    /** The rate of today; the prices' scales follow in one statement, no event of a price. */
    public static function updateCurrencyBaseRate($currency)
    {
        $row = self::GetByID($currency);
        $rate = CCurrencyRates::GetConvertFactorEx($currency, (string)CurrencyManager::getBaseCurrency());
        CurrencyTable::update($currency, ['CURRENT_BASE_RATE' => $rate]);
        (new \Bitrix\Main\Event('currency', 'onAfterUpdateCurrencyBaseRate', ['OLD_BASE_RATE' => (float)$row['CURRENT_BASE_RATE'],
            'CURRENT_BASE_RATE' => $rate, 'BASE_CURRENCY' => CurrencyManager::getBaseCurrency(), 'CURRENCY' => $currency]))->send();
        Application::getConnection()->queryExecute("UPDATE b_catalog_price SET PRICE_SCALE = PRICE * $rate WHERE CURRENCY = '"
            . Application::getConnection()->getSqlHelper()->forSql($currency) . "'");
    }
}
