<?php

namespace Bitrix\Sale;

use Aligate\Aliexpress\Tests\FakeKernel\Inner;
use Aligate\Aliexpress\Tests\FakeKernel\OrderSaving;
use Bitrix\Main\Type\DateTime;
use Bitrix\Sale\Delivery\Services\Base;
use Bitrix\Sale\Delivery\Services\EmptyDeliveryService;
use Bitrix\Sale\Delivery\Services\Manager;
use Bitrix\Sale\Internals\CollectableEntity;
use Bitrix\Sale\Internals\EventsPool;

/** A parcel. */
class Shipment extends CollectableEntity
{
    private const AVAILABLE = [
        'STATUS_ID', 'BASE_PRICE_DELIVERY', 'PRICE_DELIVERY', 'CUSTOM_PRICE_DELIVERY', 'ALLOW_DELIVERY', 'DATE_ALLOW_DELIVERY', 'EMP_ALLOW_DELIVERY_ID',
        'DEDUCTED', 'DATE_DEDUCTED', 'EMP_DEDUCTED_ID', 'REASON_UNDO_DEDUCTED', 'DELIVERY_ID', 'DELIVERY_NAME', 'DELIVERY_DOC_NUM', 'DELIVERY_DOC_DATE',
        'TRACKING_NUMBER', 'XML_ID', 'PARAMS', 'COMPANY_ID', 'MARKED', 'DATE_MARKED', 'EMP_MARKED_ID', 'REASON_MARKED', 'WEIGHT', 'CANCELED', 'DATE_CANCELED',
        'EMP_CANCELED_ID', 'RESPONSIBLE_ID', 'COMMENTS', 'CURRENCY', 'UPDATED_1C', 'EXTERNAL_DELIVERY', 'VERSION_1C', 'ID_1C', 'TRACKING_STATUS',
        'TRACKING_LAST_CHECK', 'TRACKING_DESCRIPTION', 'ACCOUNT_NUMBER', 'DISCOUNT_PRICE', 'DATE_INSERT', 'DATE_UPDATE',
    ];
    private const DELAYED = ['ALLOW_DELIVERY' => 'OnShipmentAllowDelivery', 'DEDUCTED' => 'OnShipmentDeducted', 'TRACKING_NUMBER' => 'OnShipmentTrackingNumberChange'];

    private ?ShipmentItemCollection $items = null;

    public static function getAvailableFields()
    {
        return self::AVAILABLE;
    }

    private static function loadFrom(array $row): self
    {
        return new static($row);
    }

    private static function blank(?string $currency, string $system): self
    {
        $shipment = new static();
        $service = Manager::getById(EmptyDeliveryService::getEmptyDeliveryServiceId());
        $shipment->setFieldsNoDemand(['CURRENCY' => $currency, 'DATE_INSERT' => new DateTime(), 'DELIVERY_ID' => $service['ID'] ?? null,
            'DELIVERY_NAME' => $service['NAME'] ?? null, 'ALLOW_DELIVERY' => 'N', 'DEDUCTED' => 'N', 'CUSTOM_PRICE_DELIVERY' => 'N', 'MARKED' => 'N',
            'CANCELED' => 'N', 'SYSTEM' => $system, 'XML_ID' => uniqid('bx_'), 'RESERVED' => 'N', 'STATUS_ID' => DeliveryStatus::getInitialStatus()]);
        return $shipment;
    }

    public function getShipmentItemCollection()
    {
        return $this->items ??= Inner::make(ShipmentItemCollection::class, 'of', $this);
    }

    public function getOrder()
    {
        return $this->collection->getOrder();
    }

    public function getParentOrder()
    {
        return $this->getOrder();
    }

    public function getShipmentCode()
    {
        return $this->getId() > 0 ? $this->getId() : 'n' . $this->internalIndex;
    }

    public function setDeliveryService(Base $service)
    {
        return $this->setFields(['DELIVERY_ID' => (string)$service->getId(), 'DELIVERY_NAME' => $service->getName()]);
    }

    public function getDeliveryId()
    {
        return (int)$this->getField('DELIVERY_ID');
    }

    public function getDeliveryName()
    {
        return $this->getField('DELIVERY_NAME');
    }

    public function getDelivery()
    {
        return Manager::getObjectById($this->getDeliveryId());
    }

    public function getPrice()
    {
        return (float)$this->getField('PRICE_DELIVERY');
    }

    public function isSystem()
    {
        return $this->getField('SYSTEM') === 'Y';
    }

    public function isShipped()
    {
        return $this->getField('DEDUCTED') === 'Y';
    }

    public function isCanceled()
    {
        return $this->getField('CANCELED') === 'Y';
    }

    public function isAllowDelivery()
    {
        return $this->getField('ALLOW_DELIVERY') === 'Y';
    }

    public function isReserved()
    {
        return $this->getField('RESERVED') === 'Y';
    }

    public function isMarked()
    {
        return $this->getField('MARKED') === 'Y';
    }

    public function allowDelivery()
    {
        return $this->setField('ALLOW_DELIVERY', 'Y');
    }

    public function disallowDelivery()
    {
        return $this->setField('ALLOW_DELIVERY', 'N');
    }

    public function tryShip()
    {
        return $this->setField('DEDUCTED', 'Y');
    }

    public function setBasePriceDelivery($value, $custom = false)
    {
        $custom && $this->setFieldNoDemand('CUSTOM_PRICE_DELIVERY', 'Y');
        $this->setFieldNoDemand('BASE_PRICE_DELIVERY', $value);
        return $this->setField('PRICE_DELIVERY', $value);
    }

    protected function checkValueBeforeSet($name, $value)
    {
        if ($name === 'STATUS_ID') {
            OrderSaving::tell($this, 'OnSaleBeforeStatusShipmentChange', ['VALUE' => $value, 'OLD_VALUE' => $this->getField($name)]);
        } elseif ($name === 'DEDUCTED' && $value === 'N') {
            OrderSaving::tell($this, 'OnSaleBeforeShipmentReserve', ['VALUE' => 'Y']);
        }
        return new Result();
    }

    protected function onFieldModify($name, $oldValue, $value)
    {
        $this->setFieldNoDemand('DATE_UPDATE', new DateTime());
        if ($name === 'BASE_PRICE_DELIVERY') {
            return $this->setField('PRICE_DELIVERY', $value);
        }
        if ($name === 'ALLOW_DELIVERY' || $name === 'DEDUCTED') {
            $this->setFieldNoDemand("DATE_$name", new DateTime());
            $this->setFieldNoDemand("EMP_{$name}_ID", OrderSaving::userId());
            $name === 'ALLOW_DELIVERY' && OrderSaving::tell($this, 'OnSaleShipmentDelivery', []);
        }
        $code = 's' . spl_object_id($this);
        if ($name === 'STATUS_ID') {
            EventsPool::addEvent($code, 'OnSaleStatusShipmentChange', ['VALUE' => $value, 'OLD_VALUE' => $oldValue]);
            EventsPool::addEvent($code, 'OnSaleShipmentStatusChangeSendEmail', ['VALUE' => $value, 'OLD_VALUE' => $oldValue]);
        } elseif (isset(self::DELAYED[$name]) && ($name !== 'TRACKING_NUMBER' || (string)$value !== '')) {
            EventsPool::addEvent($code, self::DELAYED[$name], ['VALUES' => $name === 'TRACKING_NUMBER' ? [$name => $oldValue] : $this->fields->getOriginalValues()]);
        }
        return parent::onFieldModify($name, $oldValue, $value);
    }

    public function isChanged()
    {
        return parent::isChanged() || ($this->items !== null && $this->items->isChanged());
    }

    public function clearChanged()
    {
        parent::clearChanged();
        $this->items?->clearChanged();
    }
}
