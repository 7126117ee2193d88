<?php

use Bitrix\Catalog\MeasureRatioTable;

/** The old way to the ratios of measures. */
class CCatalogMeasureRatio
{
    public static function add($arFields)
    {
        $result = MeasureRatioTable::add($arFields + ['IS_DEFAULT' => 'Y']);
        return $result->isSuccess() ? (int)$result->getId() : false;
    }

    public static function update($id, $arFields)
    {
        return MeasureRatioTable::update((int)$id, $arFields)->isSuccess() ? (int)$id : false;
    }
}
