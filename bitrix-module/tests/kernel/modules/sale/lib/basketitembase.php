<?php

namespace Bitrix\Sale;

use Bitrix\Sale\Internals\CollectableEntity;

/** What every line of a basket has. */
abstract class BasketItemBase extends CollectableEntity
{
    public function setFields(array $fields)
    {
        return parent::setFields($fields);
    }

    public function getProductId()
    {
        return (int)$this->getField('PRODUCT_ID');
    }

    public function getQuantity(): float
    {
        return (float)$this->getField('QUANTITY');
    }

    public function getPrice()
    {
        return (float)$this->getField('PRICE');
    }

    public function getBasePrice()
    {
        return (float)$this->getField('BASE_PRICE');
    }

    public function getFinalPrice()
    {
        return round($this->getPrice() * $this->getQuantity(), 4);
    }

    public function getCurrency()
    {
        return $this->getField('CURRENCY');
    }

    public function isCustomPrice()
    {
        return $this->getField('CUSTOM_PRICE') === 'Y';
    }

    public function getBasketCode()
    {
        return $this->getId() > 0 ? $this->getId() : 'n' . ($this->internalIndex + 1);
    }
}
