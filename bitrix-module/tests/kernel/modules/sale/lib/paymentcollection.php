<?php

namespace Bitrix\Sale;

use Aligate\Aliexpress\Tests\FakeKernel\Inner;
use Bitrix\Main\Type\DateTime;
use Bitrix\Sale\Internals\CollectableEntity;
use Bitrix\Sale\Internals\EntityCollection;
use Bitrix\Sale\Internals\PaymentTable;
use Bitrix\Sale\PaySystem\Service;

/** Payments of an order. */
class PaymentCollection extends EntityCollection
{
    private Order $order;

    public static function load(Order $order)
    {
        $collection = new static();
        $collection->order = $order;
        if (!$order->isNew()) {
            foreach (PaymentTable::getList(['filter' => ['=ORDER_ID' => $order->getId()], 'order' => ['ID' => 'ASC']])->fetchAll() as $row) {
                $collection->addItem(Inner::make(Payment::class, 'loadFrom', ['SUM' => (float)$row['SUM']] + $row));
            }
        }
        return $collection;
    }

    public function getOrder()
    {
        return $this->order;
    }

    public function createItem(?Service $service = null)
    {
        $payment = Inner::make(Payment::class, 'loadFrom', []);
        $payment->setFieldsNoDemand(['DATE_BILL' => new DateTime(), 'SUM' => 0.0, 'PAID' => 'N', 'XML_ID' => uniqid('bx_'), 'IS_RETURN' => 'N', 'CURRENCY' => $this->order->getCurrency(),
            'ORDER_ID' => $this->order->getId() ?: null]);
        $this->addItem($payment);
        $service === null || $payment->setFields(['PAY_SYSTEM_ID' => (string)$service->getField('ID'), 'PAY_SYSTEM_NAME' => $service->getField('NAME')]);
        return $payment;
    }

    public function isPaid()
    {
        return !$this->isEmpty() && $this->getPaidSum() >= $this->order->getPrice();
    }

    public function hasPaidPayment()
    {
        return array_filter($this->collection, static fn (Payment $one): bool => $one->isPaid()) !== [];
    }

    public function getPaidSum()
    {
        return (float)array_sum(array_map(static fn (Payment $one): float => $one->isPaid() ? $one->getSum() : 0.0, $this->collection));
    }

    public function getSum()
    {
        return (float)array_sum(array_map(static fn (Payment $one): float => $one->getSum(), $this->collection));
    }

    public function onItemModify(CollectableEntity $item, $name = null, $oldValue = null, $value = null)
    {
        $name === 'PAID' && Inner::call($this->order, 'recount');
        return new Result();
    }
}
