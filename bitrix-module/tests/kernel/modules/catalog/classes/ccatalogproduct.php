<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Bitrix\Catalog\Model\Product;
use Bitrix\Catalog\PriceTable;
use Bitrix\Catalog\ProductTable;

/** The old way to product rows. */
class CCatalogProduct
{
    public static function Add($fields, $checkExist = true)
    {
        if ($checkExist && Product::getCacheItem((int)($fields['ID'] ?? 0), true) !== null) {
            return self::Update($fields['ID'], $fields);
        }
        return Product::add($fields)->isSuccess();
    }

    public static function Update($id, $fields)
    {
        return Product::update($id, $fields)->isSuccess();
    }

    public static function Delete($id)
    {
        return Product::delete($id)->isSuccess();
    }

    public static function GetByID($ID)
    {
        return ProductTable::getRowById((int)$ID) ?? false;
    }

    public static function GetList($arOrder = array(), $arFilter = array(), $arGroupBy = false, $arNavStartParams = false, $arSelectFields = array())
    {
        $aliases = ['ELEMENT_IBLOCK_ID' => '(SELECT E.IBLOCK_ID FROM b_iblock_element E WHERE E.ID = T.ID)'];
        return (new OldList('b_catalog_product', $aliases))->run($arOrder, $arFilter, $arGroupBy, $arNavStartParams, $arSelectFields);
    }

    public static function isAvailable($product)
    {
        return ProductTable::calculateAvailable($product) === 'Y';
    }

    public static function QuantityTracer($ProductID, $DeltaQuantity)
    {
        $row = ProductTable::getRowById((int)$ProductID);
        if ($row === null || (float)$DeltaQuantity <= 0) {
            return false;
        }
        $quantity = (float)$row['QUANTITY'] - (float)$DeltaQuantity;
        Product::update((int)$ProductID, ['QUANTITY' => $quantity, 'OLD_QUANTITY' => $row['QUANTITY']]);
        \Aligate\Aliexpress\Tests\FakeKernel\OldEvent::tell('catalog', 'OnProductQuantityTrace', [$row['ID'], ['ID' => $row['ID'], 'CAN_BUY_ZERO' => $row['CAN_BUY_ZERO'],
            'NEGATIVE_AMOUNT_TRACE' => $row['NEGATIVE_AMOUNT_TRACE'], 'QUANTITY_TRACE' => $row['QUANTITY_TRACE'], 'QUANTITY' => $quantity,
            'ELEMENT_IBLOCK_ID' => (string)CIBlockElement::GetIBlockByID($ProductID), 'OLD_QUANTITY' => $row['QUANTITY'], 'ALLOW_NEGATIVE_AMOUNT' => 'N',
            'DELTA' => (float)$DeltaQuantity]]);
        return true;
    }

    /**
     * The least of the given prices, or of the product's own; handlers of `OnGetOptimalPrice` may answer instead, those of
     * `OnGetOptimalPriceResult` change what was found. Rules of discounts are not part of the fake: a handler stands for them.
     */
    public static function GetOptimalPrice($intProductID, $quantity = 1, $arUserGroups = array(), $renewal = "N", $priceList = array(), $siteID = false, $arDiscountCoupons = false)
    {
        foreach (GetModuleEvents('catalog', 'OnGetOptimalPrice', true) as $handler) {
            $answer = ExecuteModuleEventEx($handler, [$intProductID, $quantity, $arUserGroups, $renewal, $priceList, $siteID, $arDiscountCoupons]);
            if ($answer !== null && $answer !== true) {
                return $answer;
            }
        }
        $prices = $priceList ?: PriceTable::getList(['filter' => ['=PRODUCT_ID' => (int)$intProductID]])->fetchAll();
        $best = null;
        foreach ($prices as $price) {
            $scale = CCurrencyRates::ConvertCurrency($price['PRICE'], $price['CURRENCY'], (string)\Bitrix\Currency\CurrencyManager::getBaseCurrency());
            $best = $best === null || $scale < $best[0] ? [$scale, $price] : $best;
        }
        if ($best === null) {
            return false;
        }
        $price = $best[1];
        $amount = (float)$price['PRICE'];
        $result = [
            'PRICE' => $price,
            'RESULT_PRICE' => ['PRICE_TYPE_ID' => $price['CATALOG_GROUP_ID'] ?? null, 'BASE_PRICE' => $amount, 'DISCOUNT_PRICE' => $amount,
                'UNROUND_DISCOUNT_PRICE' => $amount, 'CURRENCY' => $price['CURRENCY'], 'DISCOUNT' => 0.0, 'PERCENT' => 0.0, 'VAT_RATE' => 0.0, 'VAT_INCLUDED' => 'Y'],
            'DISCOUNT_PRICE' => $amount, 'DISCOUNT' => [], 'DISCOUNT_LIST' => [], 'PRODUCT_ID' => $intProductID,
        ];
        foreach (GetModuleEvents('catalog', 'OnGetOptimalPriceResult', true) as $handler) {
            if (ExecuteModuleEventEx($handler, [&$result]) === false) {
                return false;
            }
        }
        return $result;
    }

    public static function OnIBlockElementDelete($ProductID)
    {
        return Product::getCacheItem((int)$ProductID, true) === null || Product::delete((int)$ProductID)->isSuccess();
    }
}
