<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Bitrix\Catalog\GroupTable;
use Bitrix\Catalog\Model\Price;
use Bitrix\Catalog\PriceTable;
use Bitrix\Main\Application;

/** The old way to prices. */
class CPrice
{
    public static function Add($fields, $recount = false)
    {
        $result = Price::add(self::withActions($fields, $recount));
        return $result->isSuccess() ? (int)$result->getId() : false;
    }

    /** `$recount` recounts nothing, as measured. */
    public static function Update($id, $fields, $recount = false)
    {
        return Price::update((int)$id, self::withActions($fields, $recount))->isSuccess() ? (int)$id : false;
    }

    private static function withActions(array $fields, mixed $recount): array
    {
        return $recount === true ? ['fields' => $fields, 'actions' => ['OLD_RECOUNT' => true]] : $fields;
    }

    public static function Delete($id)
    {
        return Price::delete((int)$id)->isSuccess();
    }

    public static function DeleteByProduct($ProductID, $arExceptionIDs = array())
    {
        $ProductID = (int)$ProductID;
        if (!OldEvent::allows('catalog', 'OnBeforeProductPriceDelete', [$ProductID, &$arExceptionIDs])) {
            return false;
        }
        $kept = implode(', ', array_map('intval', $arExceptionIDs));
        $result = new CDBResult(Application::getConnection()->query("DELETE FROM b_catalog_price WHERE PRODUCT_ID = $ProductID"
            . ($kept === '' ? '' : " AND ID NOT IN ($kept)")));
        OldEvent::tell('catalog', 'OnProductPriceDelete', [$ProductID, $arExceptionIDs]);
        return $result;
    }

    public static function GetByID($id)
    {
        return self::GetList([], ['=ID' => (int)$id])->Fetch();
    }

    public static function GetList($arOrder = array(), $arFilter = array(), $arGroupBy = false, $arNavStartParams = false, $arSelectFields = array())
    {
        return (new OldList('b_catalog_price'))->run($arOrder, $arFilter, $arGroupBy, $arNavStartParams, $arSelectFields);
    }

    public static function GetBasePrice($productID, $quantityFrom = false, $quantityTo = false, $boolExt = true)
    {
        return self::GetList(['ID' => 'ASC'], ['PRODUCT_ID' => $productID, 'CATALOG_GROUP_ID' => GroupTable::getBasePriceTypeId(),
            'QUANTITY_FROM' => $quantityFrom, 'QUANTITY_TO' => $quantityTo])->Fetch();
    }

    public static function SetBasePrice($ProductID, $Price, $Currency, $quantityFrom = false, $quantityTo = false, $bGetID = false)
    {
        $fields = ['PRICE' => (float)$Price, 'CURRENCY' => $Currency, 'QUANTITY_FROM' => $quantityFrom ?: null, 'QUANTITY_TO' => $quantityTo ?: null, 'EXTRA_ID' => null];
        $row = self::GetBasePrice($ProductID, $quantityFrom, $quantityTo);
        if ($row !== false) {
            $id = self::Update($row['ID'], $fields);
        } else {
            $id = self::Add($fields + ['CATALOG_GROUP_ID' => (string)GroupTable::getBasePriceTypeId(), 'PRODUCT_ID' => (int)$ProductID]);
        }
        return $bGetID ? $id : $id !== false;
    }

    public static function ReCalculate($TYPE, $ID, $VAL)
    {
        foreach (PriceTable::getList(['filter' => ['=EXTRA_ID' => (int)$ID]])->fetchAll() as $row) {
            $base = self::GetBasePrice($row['PRODUCT_ID'], $row['QUANTITY_FROM'] ?? false, $row['QUANTITY_TO'] ?? false);
            $base === false || self::Update($row['ID'], ['PRICE' => round((float)$base['PRICE'] * (1 + (float)$VAL / 100), 2), 'CURRENCY' => $base['CURRENCY']]);
        }
    }
}
