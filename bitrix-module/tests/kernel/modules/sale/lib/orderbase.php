<?php

namespace Bitrix\Sale;

use Bitrix\Sale\Internals\Entity;

/** What every kind of order has. */
abstract class OrderBase extends Entity
{
    public function getSiteId()
    {
        return $this->getField('LID');
    }

    public function getUserId()
    {
        return (int)$this->getField('USER_ID');
    }

    public function getCurrency()
    {
        return $this->getField('CURRENCY');
    }

    public function getPersonTypeId()
    {
        return (int)$this->getField('PERSON_TYPE_ID');
    }

    public function getPrice()
    {
        return (float)$this->getField('PRICE');
    }

    public function getSumPaid()
    {
        return (float)$this->getField('SUM_PAID');
    }

    public function getDeliveryPrice()
    {
        return (float)$this->getField('PRICE_DELIVERY');
    }

    public function isPaid()
    {
        return $this->getField('PAYED') === 'Y';
    }

    public function isAllowDelivery()
    {
        return $this->getField('ALLOW_DELIVERY') === 'Y';
    }

    public function isCanceled()
    {
        return $this->getField('CANCELED') === 'Y';
    }

    public function isMarked()
    {
        return $this->getField('MARKED') === 'Y';
    }

    public function isExternal()
    {
        return $this->getField('EXTERNAL_ORDER') === 'Y';
    }

    public function getDateInsert()
    {
        return $this->getField('DATE_INSERT');
    }
}
