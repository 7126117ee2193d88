<?php

namespace Bitrix\Sale;

use Aligate\Aliexpress\Tests\FakeKernel\OrderSaving;
use Bitrix\Catalog\PriceTable;
use Bitrix\Catalog\ProductTable;
use Bitrix\Sale\Reservation\Internals\BasketReservationTable;

/** A line of a basket; one with the catalogue's provider knows its price and what the stock allows. */
class BasketItem extends BasketItemBase
{
    private const SETTABLE = [
        'NAME', 'LID', 'SORT', 'PRODUCT_ID', 'PRODUCT_PRICE_ID', 'PRICE_TYPE_ID', 'CATALOG_XML_ID', 'PRODUCT_XML_ID', 'DETAIL_PAGE_URL', 'BASE_PRICE',
        'PRICE', 'DISCOUNT_PRICE', 'CURRENCY', 'CUSTOM_PRICE', 'QUANTITY', 'WEIGHT', 'DIMENSIONS', 'MEASURE_CODE', 'MEASURE_NAME', 'DELAY', 'CAN_BUY',
        'NOTES', 'VAT_RATE', 'VAT_INCLUDED', 'BARCODE_MULTI', 'SUBSCRIBE', 'PRODUCT_PROVIDER_CLASS', 'TYPE', 'SET_PARENT_ID', 'DISCOUNT_NAME',
        'DISCOUNT_VALUE', 'DISCOUNT_COUPON', 'RECOMMENDATION', 'XML_ID', 'MARKING_CODE_GROUP', 'MODULE', 'FUSER_ID', 'ORDER_ID', 'DATE_INSERT', 'DATE_UPDATE',
    ];

    public static function getSettableFields()
    {
        return self::SETTABLE;
    }

    public static function getAvailableFields()
    {
        return self::SETTABLE;
    }

    public static function create(BasketBase $basketItemCollection, $moduleId, $productId, $basketCode = null)
    {
        $item = new static(['MODULE' => $moduleId, 'PRODUCT_ID' => (int)$productId, 'BASE_PRICE' => 0.0, 'CAN_BUY' => 'Y', 'CUSTOM_PRICE' => 'N',
            'DISCOUNT_PRICE' => 0.0, 'XML_ID' => uniqid('bx_')]);
        $item->setCollection($basketItemCollection);
        $item->setFieldNoDemand('LID', $basketItemCollection->getSiteId());
        return $item;
    }

    public static function load(BasketBase $basket, $data)
    {
        foreach (['PRICE', 'BASE_PRICE', 'DISCOUNT_PRICE'] as $name) {
            $data[$name] = (float)$data[$name];
        }
        $item = new static($data);
        $item->setCollection($basket);
        return $item;
    }

    /** The quantity comes last: by then the provider and the price are known. */
    public function setFields(array $fields)
    {
        if (array_key_exists('QUANTITY', $fields)) {
            $fields += ['QUANTITY' => null];
            $quantity = $fields['QUANTITY'];
            unset($fields['QUANTITY']);
            $fields['QUANTITY'] = $quantity;
        }
        return parent::setFields($fields);
    }

    public function setPrice($value, $custom = false)
    {
        $custom && $this->setFieldNoDemand('CUSTOM_PRICE', 'Y');
        return $this->setField('PRICE', $value);
    }

    public function getProvider()
    {
        return $this->getField('PRODUCT_PROVIDER_CLASS') ?: null;
    }

    protected function checkValueBeforeSet($name, $value)
    {
        $result = new Result();
        if ($name !== 'QUANTITY') {
            return $result;
        }
        if ((float)$value < 0) {
            $result->addError(new ResultError('The quantity is below zero.', 'SALE_BASKET_ITEM_WRONG_QUANTITY'));
        } elseif ($this->getProvider() !== null) {
            $row = ProductTable::getRowById($this->getProductId());
            $available = $row === null ? 0.0 : OrderSaving::available($row, $this->getReservedQuantity());
            if ((float)$value > $available) {
                $result->addError(new ResultError("Only $available pieces of " . $this->getField('NAME') . ' are in stock.', 'SALE_BASKET_AVAILABLE_FOR_ADDING_QUANTITY_IS_LESS'));
            }
        }
        return $result;
    }

    protected function onFieldModify($name, $oldValue, $value)
    {
        if ($name === 'QUANTITY' && $this->getProvider() !== null && !$this->isCustomPrice()) {
            $this->takeFromCatalogue();
        }
        return parent::onFieldModify($name, $oldValue, $value);
    }

    private function takeFromCatalogue(): void
    {
        $price = PriceTable::getRow(['filter' => ['=PRODUCT_ID' => $this->getProductId()], 'order' => ['PRICE_SCALE' => 'ASC']]);
        $element = \CIBlockElement::GetByID($this->getProductId())->Fetch();
        if ($price === null || $element === false) {
            return;
        }
        $this->setFieldsNoDemand(['PRODUCT_PRICE_ID' => $price['ID'], 'PRICE_TYPE_ID' => $price['CATALOG_GROUP_ID'], 'BASE_PRICE' => (float)$price['PRICE'],
            'PRICE' => (float)$price['PRICE'], 'NAME' => $this->getField('NAME') ?? $element['NAME'], 'PRODUCT_XML_ID' => $element['XML_ID'], 'MEASURE_CODE' => '796',
            'VAT_INCLUDED' => 'N', 'CAN_BUY' => 'Y']);
    }

    /** What the rows of reservation hold for the line. */
    public function getReservedQuantity()
    {
        return $this->getId() === 0 ? 0.0 : (float)array_sum(array_column(
            BasketReservationTable::getList(['select' => ['QUANTITY'], 'filter' => ['=BASKET_ID' => $this->getId()]])->fetchAll(),
            'QUANTITY',
        ));
    }

    public function delete()
    {
        $values = $this->fields->getOriginalValues();
        OrderSaving::tell($this, 'OnBeforeSaleBasketItemEntityDeleted', ['VALUES' => $values]);
        parent::delete();
        OrderSaving::tell($this, 'OnSaleBasketItemEntityDeleted', ['VALUES' => $values]);
        return new Result();
    }

    public function isChanged()
    {
        return $this->getId() === 0 || parent::isChanged();
    }
}
