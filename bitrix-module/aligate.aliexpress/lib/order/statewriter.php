<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

use Aligate\Aliexpress\OrderDefaults;
use Bitrix\Sale\Internals\StatusTable;
use Bitrix\Sale\Order;
use Bitrix\Sale\PropertyValue;

/** How an order stands: buyer, payment, status, mark, cancellation. Nothing that a manager changed is changed back. */
final class StateWriter
{
    /** How our marks begin; those of others stay. */
    private const MARK = 'AliExpress: ';

    /** Notes that say what happened, not what went wrong. */
    private const NOT_FAULTS = ['order_cancelled'];

    public function apply(Order $order, OrderData $data, Plan $plan, OrderDefaults $defaults, Done $done, Notes $notes): Done
    {
        $this->writeBuyer($order, $data->buyer, $defaults, $notes);
        $isPaid = $this->pay($order, $plan, $defaults, $done, $notes);
        $phase = max($done->phase, $plan->phase?->value ?? 0);
        // A status is written when AliExpress's moves, not each time: a manager may have set another since.
        if ($plan->status !== null && $phase > $done->phase && !$order->isCanceled()) {
            $this->moveForward($order, $plan->status, $notes);
        }
        if ($plan->phase === Phase::Shipped && $done->phase < Phase::Shipped->value) {
            $this->allowDelivery($order, $notes);
        }
        $isCancelled = $this->cancel($order, $plan, $done, $notes);
        $mark = $this->mark($order, $plan, $done, $notes);

        return new Done($phase, $isPaid, $mark, $isCancelled, $done->lines, $done->isShippedInShop);
    }

    /** Of an order that is there already what is empty alone: AliExpress keeps an address back while it checks a payment. */
    private function writeBuyer(Order $order, Buyer $buyer, OrderDefaults $defaults, Notes $notes): void
    {
        $properties = $order->getPropertyCollection();
        $isMapped = $defaults->properties !== [];
        foreach ($buyer->parts() as $part => $text) {
            $code = $defaults->properties[$part] ?? '';
            if ($code !== '') {
                $this->write($order, self::byCode($properties, $code), $text, $notes);
            }
        }
        if (!$isMapped) {
            // Without settings the properties that `sale` itself knows by their purpose.
            $this->write($order, $properties->getPayerName(), $buyer->name, $notes);
            $this->write($order, $properties->getPhone(), $buyer->phone, $notes);
            $this->write($order, $properties->getDeliveryLocationZip(), $buyer->zip, $notes);
            // A country alone is no address yet.
            $address = $buyer->address . $buyer->city === '' ? '' : $buyer->wholeAddress();
            $this->write($order, $properties->getAddress(), $address, $notes);
        }
    }

    private function write(Order $order, ?object $property, string $text, Notes $notes): void
    {
        $isOpen = $property instanceof PropertyValue && ($order->isNew() || (string)$property->getField('VALUE') === '');
        if ($isOpen && $text !== '') {
            $notes->take('property_faults', $property->setField('VALUE', $text));
        }
    }

    private static function byCode(object $properties, string $code): ?object
    {
        foreach ($properties as $property) {
            if ((string)$property->getField('CODE') === $code) {
                return $property;
            }
        }

        return null;
    }

    /** Paid once, when AliExpress says so; a manager who takes it back is not overruled. */
    private function pay(Order $order, Plan $plan, OrderDefaults $defaults, Done $done, Notes $notes): bool
    {
        if (!$plan->isPaid || $done->isPaid || $plan->isCancelled) {
            return $done->isPaid;
        }
        $isPaid = true;
        foreach ($order->getPaymentCollection() as $payment) {
            if ($payment->isPaid()) {
                continue;
            }
            if (!$defaults->printsReceipts && Shop::printsReceipts((int)$payment->getPaymentSystemId())) {
                $notes->add('payment_prints_receipts', 'paid on AliExpress; not marked here, since its pay system prints fiscal receipts');
                continue;
            }
            $isPaid = $notes->take('payment_faults', $payment->setPaid('Y')) && $isPaid;
        }

        return $isPaid;
    }

    /** Only to a status that stands later in the shop's own order of statuses. */
    private function moveForward(Order $order, string $status, Notes $notes): void
    {
        $present = (string)$order->getField('STATUS_ID');
        if ($present === $status) {
            return;
        }
        $sorts = [];
        $rows = StatusTable::getList(['select' => ['ID', 'SORT'], 'filter' => ['=TYPE' => 'O', '@ID' => [$present, $status]]]);
        while ($row = $rows->fetch()) {
            $sorts[(string)$row['ID']] = (int)$row['SORT'];
        }
        if (!isset($sorts[$status])) {
            $notes->add('status_unknown', "the shop has no order status $status");
        } elseif ($order->isNew() || ($sorts[$present] ?? 0) < $sorts[$status]) {
            $notes->take('status_faults', $order->setField('STATUS_ID', $status));
        }
    }

    /** What AliExpress saw leave may be delivered; whether it has left the shop's stock is the shop's to say. */
    private function allowDelivery(Order $order, Notes $notes): void
    {
        foreach ($order->getShipmentCollection()->getNotSystemItems() as $shipment) {
            if (!$shipment->isAllowDelivery()) {
                $notes->take('shipment_faults', $shipment->allowDelivery());
            }
        }
    }

    private function cancel(Order $order, Plan $plan, Done $done, Notes $notes): bool
    {
        if (!$plan->isCancelled || $done->isCancelled || $order->isCanceled()) {
            return $done->isCancelled || $plan->isCancelled;
        }
        // A paid order cannot be cancelled: what we marked paid was given back by AliExpress.
        if ($done->isPaid) {
            foreach ($order->getPaymentCollection() as $payment) {
                if ($payment->isPaid()) {
                    $notes->take('payment_faults', $payment->setPaid('N'));
                }
            }
        }
        $isCancelled = $notes->take('cancel_faults', $order->setField('CANCELED', 'Y'));
        if ($isCancelled) {
            $order->setField('REASON_CANCELED', self::MARK . 'cancelled');
            $notes->add('order_cancelled', 'AliExpress cancelled the order');
        }

        return true;
    }

    /** Holds come and go with AliExpress's word; a fault of the order stays marked until a manager takes the mark away. */
    private function mark(Order $order, Plan $plan, Done $done, Notes $notes): string
    {
        $hold = match (true) {
            $plan->doNotShip !== '' => self::MARK . "do not ship, {$plan->doNotShip}",
            $plan->flag !== '' => self::MARK . $plan->flag,
            default => '',
        };
        $present = (string)$order->getField('REASON_MARKED');
        if ($hold !== '' && $hold !== $done->mark) {
            $this->setMark($order, $hold);
        } elseif ($hold === '' && $done->mark !== '' && $present === $done->mark) {
            $order->setField('MARKED', 'N');
            $order->setField('REASON_MARKED', '');
        }
        $faults = array_diff(array_keys($notes->all()), self::NOT_FAULTS);
        if ($hold === '' && $faults !== []) {
            $this->setMark($order, self::MARK . implode(', ', $faults));
        }

        return $hold;
    }

    private function setMark(Order $order, string $reason): void
    {
        $order->setField('MARKED', 'Y');
        $order->setField('REASON_MARKED', mb_substr($reason, 0, 250, 'UTF-8'));
    }
}
