<?php

namespace Bitrix\Sale;

use Aligate\Aliexpress\Tests\FakeKernel\Inner;
use Aligate\Aliexpress\Tests\FakeKernel\OrderSaving;
use Bitrix\Currency\CurrencyManager;
use Bitrix\Main\Event;
use Bitrix\Main\EventResult;
use Bitrix\Main\Type\DateTime;
use Bitrix\Sale\Internals\EventsPool;
use Bitrix\Sale\Internals\OrderTable;

/** An order with its basket, shipments, payments and properties. How it is saved is told in the harness: `OrderSaving`. */
class Order extends OrderBase
{
    private const AVAILABLE = [
        'LID', 'PERSON_TYPE_ID', 'CANCELED', 'DATE_CANCELED', 'EMP_CANCELED_ID', 'REASON_CANCELED', 'STATUS_ID', 'DATE_STATUS', 'EMP_STATUS_ID',
        'DEDUCTED', 'MARKED', 'DATE_MARKED', 'EMP_MARKED_ID', 'REASON_MARKED', 'PRICE', 'CURRENCY', 'DISCOUNT_VALUE', 'USER_ID', 'DATE_INSERT',
        'DATE_UPDATE', 'USER_DESCRIPTION', 'ADDITIONAL_INFO', 'COMMENTS', 'TAX_VALUE', 'STAT_GID', 'RECURRING_ID', 'LOCKED_BY', 'IS_RECURRING',
        'DATE_LOCK', 'RECOUNT_FLAG', 'AFFILIATE_ID', 'DELIVERY_DOC_NUM', 'DELIVERY_DOC_DATE', 'UPDATED_1C', 'STORE_ID', 'ORDER_TOPIC',
        'RESPONSIBLE_ID', 'DATE_BILL', 'DATE_PAY_BEFORE', 'ACCOUNT_NUMBER', 'XML_ID', 'ID_1C', 'VERSION_1C', 'VERSION', 'EXTERNAL_ORDER',
        'COMPANY_ID', 'IS_SYNC_B24',
    ];
    private const LOCK_SECONDS = 3600;

    private bool $isNew = true;
    private bool $isSaving = false;
    private string $code = '';
    private ?Basket $basket = null;
    private ?ShipmentCollection $shipments = null;
    private ?PaymentCollection $payments = null;
    private ?PropertyValueCollection $properties = null;

    public static function getAvailableFields()
    {
        return self::AVAILABLE;
    }

    public static function create($siteId, $userId = null, $currency = null)
    {
        $order = new static(['CANCELED' => 'N', 'DEDUCTED' => 'N', 'ALLOW_DELIVERY' => 'N', 'PAYED' => 'N', 'PRICE' => 0.0]);
        $order->code = 'n' . spl_object_id($order);
        $order->setFieldNoDemand('UPDATED_1C', 'N');
        $order->setFieldNoDemand('LID', $siteId);
        $order->setFieldNoDemand('USER_ID', $userId);
        $order->setFieldNoDemand('CURRENCY', $currency ?? CurrencyManager::getBaseCurrency());
        $order->setField('STATUS_ID', OrderStatus::getInitialStatus());
        $order->setFieldNoDemand('XML_ID', uniqid('bx_'));
        return $order;
    }

    public static function load($id)
    {
        if ((int)$id <= 0) {
            throw new \Bitrix\Main\ArgumentNullException('id');
        }
        return static::loadByFilter(['filter' => ['=ID' => (int)$id]])[0] ?? null;
    }

    public static function loadByAccountNumber($value)
    {
        return static::loadByFilter(['filter' => ['=ACCOUNT_NUMBER' => $value]])[0] ?? null;
    }

    public static function loadByFilter(array $parameters)
    {
        $orders = [];
        foreach (OrderTable::getList(array_diff_key($parameters, ['select' => 1]))->fetchAll() as $row) {
            foreach (['PRICE', 'PRICE_DELIVERY', 'DISCOUNT_VALUE', 'SUM_PAID', 'TAX_VALUE'] as $name) {
                $row[$name] = (float)$row[$name];
            }
            $order = new static($row);
            $order->isNew = false;
            $order->code = (string)$row['ID'];
            $orders[] = $order;
        }
        return $orders === [] ? null : $orders;
    }

    public static function getList(array $parameters = array())
    {
        return OrderTable::getList($parameters);
    }

    /** Under which events of a save wait. */
    public function getInternalId()
    {
        return $this->code;
    }

    public function isNew()
    {
        return $this->isNew;
    }

    public function isSaveRunning()
    {
        return $this->isSaving;
    }

    public function isShipped()
    {
        return $this->getField('DEDUCTED') === 'Y';
    }

    public function setPersonTypeId($personTypeId)
    {
        $this->properties = null;
        return $this->setField('PERSON_TYPE_ID', (int)$personTypeId);
    }

    public function setBasket(BasketBase $basket)
    {
        $this->basket = $basket;
        $basket->setOrder($this);
        $this->getShipmentCollection()->getSystemShipment();
        foreach ($this->getShipmentCollection() as $shipment) {
            OrderSaving::tell($shipment, 'OnSaleBeforeShipmentReserve', ['VALUE' => 'Y']);
        }
        $this->recount();
        return new Result();
    }

    public function appendBasket(BasketBase $basket)
    {
        return $this->setBasket($basket);
    }

    public function getBasket()
    {
        if ($this->basket === null && !$this->isNew) {
            $this->basket = Basket::loadItemsForOrder($this);
        }
        return $this->basket;
    }

    public function getShipmentCollection()
    {
        return $this->shipments ??= ShipmentCollection::load($this);
    }

    public function getPaymentCollection()
    {
        return $this->payments ??= PaymentCollection::load($this);
    }

    public function getPropertyCollection()
    {
        return $this->properties ??= PropertyValueCollection::load($this);
    }

    public function loadPropertyCollection()
    {
        return $this->getPropertyCollection();
    }

    protected function checkValueBeforeSet($name, $value)
    {
        $result = new Result();
        if ($name === 'CANCELED' && $value === 'Y') {
            if ($this->getPaymentCollection()->hasPaidPayment()) {
                $result->addError(new ResultError('The order has a payment that is paid.', 'SALE_ORDER_CANCEL_ORDER_EXIST_ACTIVE_PAYMENT'));
            }
            if (Inner::call($this->getShipmentCollection(), 'hasShippedOne')) {
                $result->addError(new ResultError('The order has a shipment that has left.', 'SALE_ORDER_CANCEL_SHIPMENT_EXIST_SHIPPED'));
            }
        }
        $before = ['CANCELED' => 'OnSaleBeforeOrderCanceled', 'STATUS_ID' => 'OnSaleBeforeStatusOrderChange'][$name] ?? null;
        if ($before !== null && $result->isSuccess()) {
            $parameters = ['ENTITY' => $this] + ($name === 'STATUS_ID' ? ['VALUE' => $value, 'OLD_VALUE' => $this->getField($name)] : []);
            $event = new Event('sale', $before, $parameters);
            $event->send();
            OrderSaving::takeErrors($event, $result);
        }
        return $result;
    }

    protected function onFieldModify($name, $oldValue, $value)
    {
        if ($name === 'STATUS_ID') {
            $this->setFieldNoDemand('DATE_STATUS', new DateTime());
            $this->setFieldNoDemand('EMP_STATUS_ID', OrderSaving::userId());
            EventsPool::addEvent($this->code, 'OnSaleStatusOrderChange', ['VALUE' => $value, 'OLD_VALUE' => $oldValue]);
            EventsPool::addEvent($this->code, 'OnSaleOrderStatusChangeSendEmail', ['VALUE' => $value, 'OLD_VALUE' => $oldValue]);
        } elseif ($name === 'CANCELED') {
            $this->setFieldNoDemand('DATE_CANCELED', new DateTime());
            $this->setFieldNoDemand('EMP_CANCELED_ID', OrderSaving::userId());
            EventsPool::addEvent($this->code, 'OnSaleOrderCanceled', []);
            EventsPool::addEvent($this->code, 'OnSaleOrderCancelSendEmail', []);
            Inner::call($this->getShipmentCollection(), 'tellOfReserves', $value === 'Y' ? 'N' : 'Y');
        } elseif ($name === 'MARKED' && $value === 'Y') {
            $this->setFieldNoDemand('DATE_MARKED', new DateTime());
            $this->setFieldNoDemand('EMP_MARKED_ID', OrderSaving::userId());
        }
        return new Result();
    }

    /** Sums of the basket and the shipments; what is paid; whether it all may leave, and has left. */
    private function recount(): void
    {
        $shipments = $this->shipments;
        $this->put('PRICE', (float)($this->getBasket()?->getPrice() ?? 0) + (float)($shipments?->getPriceDelivery() ?? $this->getDeliveryPrice()));
        if ($shipments !== null) {
            $this->put('PRICE_DELIVERY', $shipments->getPriceDelivery());
            $this->put('ALLOW_DELIVERY', $shipments->isAllowDelivery() ? 'Y' : 'N');
            $this->put('DEDUCTED', $shipments->isShipped() ? 'Y' : 'N');
        }
        $sum = $this->getPaymentCollection()->getPaidSum();
        $this->put('SUM_PAID', $sum);
        $this->put('PAYED', $sum > 0 && $sum >= $this->getPrice() ? 'Y' : 'N');
    }

    private function put(string $name, mixed $value): void
    {
        $old = $this->getField($name);
        if ($old === $value || (is_float($value) && $old !== null && abs((float)$old - $value) < 0.00001) || ($old === null && $value === 'N')) {
            return;
        }
        $this->setFieldNoDemand($name, $value);
        if ($name === 'PAYED') {
            $this->setFieldNoDemand('DATE_PAYED', new DateTime());
            $this->setFieldNoDemand('EMP_PAYED_ID', OrderSaving::userId());
            EventsPool::addEvent($this->code, 'OnSaleOrderPaid', []);
            EventsPool::addEvent($this->code, 'OnSaleOrderPaidSendMail', []);
        } elseif ($name === 'DEDUCTED' || $name === 'ALLOW_DELIVERY') {
            $this->setFieldNoDemand("DATE_$name", new DateTime());
            $this->setFieldNoDemand("EMP_{$name}_ID", OrderSaving::userId());
        }
    }

    public function doFinalAction($hasMeaningfulField = false)
    {
        $this->recount();
        return new Result();
    }

    public function isChanged()
    {
        if ($this->isNew || parent::isChanged()) {
            return true;
        }
        foreach ([$this->basket, $this->shipments, $this->payments, $this->properties] as $part) {
            if ($part !== null && $part->isChanged()) {
                return true;
            }
        }
        return false;
    }

    public function save()
    {
        if ($this->isSaving) {
            trigger_error('Order saving in recursion', E_USER_WARNING);
        }
        $this->isSaving = true;
        try {
            $result = (new OrderSaving($this, $this->basket === null && $this->isNew ? null : $this->getBasket()))->save();
            if ($result->isSuccess()) {
                $this->isNew = false;
                OrderSaving::tellDelayed($this, $this->code);
            }
            return $result;
        } finally {
            $this->isSaving = false;
        }
    }

    public static function delete($id)
    {
        $result = new Result();
        $order = static::load($id);
        if ($order === null) {
            $result->addError(new ResultError('The order does not exist.', 'SALE_ORDER_NOT_EXISTS'));
            return $result;
        }
        if (!$order->isCanceled()) {
            foreach ([$order->setField('CANCELED', 'Y'), $order->save()] as $step) {
                if (!$step->isSuccess()) {
                    return $result->addErrors($step->getErrors());
                }
            }
        }
        return OrderSaving::delete($order, $result);
    }

    public static function lock($id)
    {
        return OrderTable::update((int)$id, ['LOCKED_BY' => OrderSaving::userId(), 'DATE_LOCK' => new DateTime()]);
    }

    public static function unlock($id)
    {
        return OrderTable::update((int)$id, ['LOCKED_BY' => null, 'DATE_LOCK' => null]);
    }

    /** By somebody else, within the hour. */
    public static function isLocked($id)
    {
        $row = OrderTable::getRowById((int)$id);
        return $row !== null && $row['DATE_LOCK'] !== null && (int)$row['LOCKED_BY'] !== (int)OrderSaving::userId()
            && time() - $row['DATE_LOCK']->getTimestamp() < self::LOCK_SECONDS;
    }
}
