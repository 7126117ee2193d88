<?php

namespace Bitrix\Sale;

use Bitrix\Main\Type\DateTime;
use Bitrix\Sale\Internals\CollectableEntity;
use Bitrix\Sale\Internals\EventsPool;
use Bitrix\Sale\PaySystem\Manager;

/** A payment. Paying asks `$USER` for its id without a look whether there is one. */
class Payment extends CollectableEntity
{
    public static function getAvailableFields()
    {
        return ['PAID', 'DATE_PAID', 'EMP_PAID_ID', 'PAY_SYSTEM_ID', 'PAY_SYSTEM_NAME', 'PS_STATUS', 'PS_INVOICE_ID', 'PAY_VOUCHER_NUM', 'PAY_VOUCHER_DATE',
            'DATE_PAY_BEFORE', 'DATE_BILL', 'XML_ID', 'SUM', 'CURRENCY', 'COMPANY_ID', 'PRICE_COD', 'PAY_RETURN_NUM', 'PAY_RETURN_DATE', 'PAY_RETURN_COMMENT',
            'IS_RETURN', 'COMMENTS', 'RESPONSIBLE_ID', 'ACCOUNT_NUMBER', 'UPDATED_1C', 'ID_1C', 'VERSION_1C', 'EXTERNAL_PAYMENT', 'MARKED', 'REASON_MARKED', 'ORDER_ID'];
    }

    private static function loadFrom(array $row): self
    {
        return new static($row);
    }

    public function getOrder()
    {
        return $this->collection->getOrder();
    }

    public function getSum()
    {
        return (float)$this->getField('SUM');
    }

    public function isPaid()
    {
        return $this->getField('PAID') === 'Y';
    }

    public function isReturn()
    {
        return in_array($this->getField('IS_RETURN'), ['Y', 'P'], true);
    }

    public function getPaymentSystemId()
    {
        return (int)$this->getField('PAY_SYSTEM_ID');
    }

    public function getPaymentSystemName()
    {
        return $this->getField('PAY_SYSTEM_NAME');
    }

    public function getPaySystem()
    {
        return Manager::getObjectById($this->getPaymentSystemId());
    }

    public function setPaid($value)
    {
        return $this->setField('PAID', $value);
    }

    protected function onFieldModify($name, $oldValue, $value)
    {
        global $USER;
        if ($name === 'PAID') {
            $this->setFieldNoDemand('EMP_PAID_ID', $USER->GetID());
            $this->setFieldNoDemand('DATE_PAID', new DateTime());
            $value === 'Y' && EventsPool::addEvent('p' . spl_object_id($this), 'OnPaymentPaid', ['VALUES' => $this->fields->getOriginalValues()]);
        }
        return parent::onFieldModify($name, $oldValue, $value);
    }

    public function isChanged()
    {
        return $this->getId() === 0 || parent::isChanged();
    }
}
