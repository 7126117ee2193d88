<?php

use Aligate\Aliexpress\Tests\FakeKernel\SkuMap;

/** Products and offers: who belongs to whom. */
class CCatalogSku
{
    public const TYPE_CATALOG = 'D';
    public const TYPE_PRODUCT = 'P';
    public const TYPE_OFFERS = 'O';
    public const TYPE_FULL = 'X';

    public static function GetProductInfo($intOfferID, $intIBlockID = 0)
    {
        $iblock = (int)$intIBlockID > 0 ? (int)$intIBlockID : (int)(CIBlockElement::GetIBlockByID($intOfferID) ?: 0);
        $link = SkuMap::ofOfferIblock($iblock);
        $parent = $link === null ? null : SkuMap::parentOf((int)$intOfferID, $iblock);
        return $parent === null ? false : ['ID' => (string)$parent, 'IBLOCK_ID' => $link['product'], 'OFFER_IBLOCK_ID' => $iblock, 'SKU_PROPERTY_ID' => $link['property']];
    }

    public static function GetInfoByOfferIBlock($intIBlockID)
    {
        $link = SkuMap::ofOfferIblock((int)$intIBlockID);
        return $link === null ? false : ['IBLOCK_ID' => (int)$intIBlockID, 'PRODUCT_IBLOCK_ID' => $link['product'], 'SKU_PROPERTY_ID' => $link['property'], 'VERSION' => (int)CIBlock::GetArrayByID($intIBlockID, 'VERSION')];
    }

    public static function GetInfoByProductIBlock($intIBlockID)
    {
        $offers = SkuMap::offerIblockOf((int)$intIBlockID);
        return $offers === null ? false : self::GetInfoByOfferIBlock($offers);
    }

    public static function GetInfoByIBlock($intIBlockID)
    {
        $catalog = CCatalog::GetByID($intIBlockID);
        $ofOffers = self::GetInfoByOfferIBlock($intIBlockID);
        $ofProducts = self::GetInfoByProductIBlock($intIBlockID);
        if ($catalog === false && $ofProducts === false) {
            return false;
        }
        $info = $ofOffers ?: $ofProducts ?: ['IBLOCK_ID' => (int)$intIBlockID, 'PRODUCT_IBLOCK_ID' => 0, 'SKU_PROPERTY_ID' => 0];
        $type = match (true) {
            $ofOffers !== false => self::TYPE_OFFERS,
            $ofProducts !== false => $catalog === false ? self::TYPE_PRODUCT : self::TYPE_FULL,
            default => self::TYPE_CATALOG,
        };
        return $info + ['CATALOG_TYPE' => $type, 'CATALOG' => $catalog === false ? 'N' : 'Y'];
    }

    public static function getOffersList($productID, $iblockID = 0, $skuFilter = array(), $fields = array(), $propertyFilter = array(), $options = array(), $order = array())
    {
        $result = [];
        foreach ((array)$productID as $product) {
            $offers = SkuMap::offersOf((int)$product, (int)$iblockID > 0 ? (int)$iblockID : null);
            $rows = $offers === [] ? [] : CIBlockElement::GetList($order ?: ['ID' => 'ASC'], ['ID' => $offers] + $skuFilter, false, false, $fields === [] ? ['ID', 'IBLOCK_ID'] : $fields)->arResult;
            foreach ($rows as $row) {
                $result[(int)$product][(int)$row['ID']] = $row + ['PARENT_ID' => (int)$product];
            }
        }
        return $result;
    }

    public static function getProductList($offerID, $iblockID = 0)
    {
        $result = [];
        foreach ((array)$offerID as $offer) {
            $info = self::GetProductInfo($offer, $iblockID);
            $info !== false && $result[(int)$offer] = $info;
        }
        return $result;
    }

    public static function getExistOffers($productID, $iblockID = 0)
    {
        $result = [];
        foreach ((array)$productID as $product) {
            $result[(int)$product] = SkuMap::offersOf((int)$product) !== [];
        }
        return $result;
    }

    public static function IsExistOffers($intProductID, $intIBlockID = 0)
    {
        return SkuMap::offersOf((int)$intProductID) !== [];
    }

    public static function ClearCache()
    {
    }
}
