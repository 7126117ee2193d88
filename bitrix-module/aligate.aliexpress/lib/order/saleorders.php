<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

use Aligate\Aliexpress\OrderDefaults;
use Bitrix\Sale\DiscountCouponsManager;
use Bitrix\Sale\Notify;
use Bitrix\Sale\Order;
use Bitrix\Sale\Registry;

/**
 * Orders of AliExpress as orders of the shop. With its writers beside it, the only user of `sale`.
 *
 * A shortage, an unknown SKU or a fault of a part never refuses an order: the order is written, marked, and noted.
 */
final class SaleOrders
{
    private const XML_ID_PREFIX = 'aliexpress_';

    public function __construct(private readonly GoodsWriter $goods, private readonly StateWriter $states)
    {
    }

    /** The shop's order that a write which was cut off may have left behind; 0: none. */
    public function find(string $aliexpressId): int
    {
        $row = self::orderClass()::getList([
            'select' => ['ID'],
            'filter' => ['=XML_ID' => self::XML_ID_PREFIX . $aliexpressId],
            'order' => ['ID' => 'ASC'],
            'limit' => 1,
        ])->fetch();

        return is_array($row) ? (int)$row['ID'] : 0;
    }

    /**
     * @param array<string, int> $offers SKU => element
     * @throws OrderNotNow where the order as a whole is refused, for example because of settings
     */
    public function create(OrderData $data, Plan $plan, OrderDefaults $defaults, array $offers): Written
    {
        return $this->quietly($defaults, function () use ($data, $plan, $defaults, $offers): Written {
            $notes = new Notes();
            $order = $this->blank($data, $defaults);
            $lines = $this->goods->fill($order, $data, $defaults, $offers, $notes);
            $done = $this->states->apply($order, $data, $plan, $defaults, new Done(lines: $lines), $notes);

            return new Written($this->save($order, $notes), $done, $notes->all());
        });
    }

    /**
     * @param Done $done what was written before
     * @return Written|null null: the order is gone from the shop, which is the managers' affair
     * @throws OrderNotNow where it cannot be written now
     */
    public function update(int $orderId, OrderData $data, \Closure $plan, OrderDefaults $defaults, Done $done): ?Written
    {
        return $this->quietly($defaults, function () use ($orderId, $data, $plan, $defaults, $done): ?Written {
            $order = self::orderClass()::load($orderId);
            if (!$order instanceof Order) {
                return null;
            }
            $notes = new Notes();
            $done = $done->seenInShop($order->isShipped());
            $lines = $this->goods->reduce($order, $data, $done, $notes);
            $done = new Done($done->phase, $done->isPaid, $done->mark, $done->isCancelled, $lines, $done->isShippedInShop);
            $done = $this->states->apply($order, $data, $plan($done), $defaults, $done, $notes);
            if ($order->isChanged()) {
                $this->save($order, $notes);
            }

            return new Written($orderId, $done, $notes->all());
        });
    }

    private function blank(OrderData $data, OrderDefaults $defaults): Order
    {
        $site = $defaults->siteId !== '' ? $defaults->siteId : Shop::defaultSite();
        $user = $defaults->userId > 0 ? $defaults->userId : (int)\CSaleUser::GetAnonymousUserID();
        $order = self::orderClass()::create($site, $user, $data->currency);
        $personType = $defaults->personTypeId > 0 ? $defaults->personTypeId : Shop::personType($site);
        if ($personType < 1) {
            throw new OrderNotNow('person_type_missing', 'the shop has no person type for orders: choose one in the settings', 600);
        }
        $order->setPersonTypeId($personType);
        $order->setField('XML_ID', self::XML_ID_PREFIX . $data->id);
        $order->setField('EXTERNAL_ORDER', 'Y');
        if ($data->comment !== '') {
            $order->setField('USER_DESCRIPTION', $data->comment);
        }
        if ($defaults->responsibleId > 0) {
            $order->setField('RESPONSIBLE_ID', $defaults->responsibleId);
        }
        $order->setField('COMMENTS', self::comment($data));

        return $order;
    }

    private static function comment(OrderData $data): string
    {
        $parts = ["AliExpress {$data->id}", "{$data->total} {$data->currency}"];
        if ($data->shipBefore !== null) {
            $parts[] = 'ship before ' . $data->shipBefore->setTimezone(new \DateTimeZone('UTC'))->format('Y-m-d H:i') . ' UTC';
        }

        return implode(', ', $parts);
    }

    /** @throws OrderNotNow */
    private function save(Order $order, Notes $notes): int
    {
        $result = $order->save();
        if (!$notes->take('order_saved_with_faults', $result)) {
            throw new OrderNotNow('order_not_saved', 'the shop refuses the order: ' . implode('; ', $result->getErrorMessages()), 300);
        }

        return (int)$order->getId();
    }

    /**
     * Without the shop's e-mails, coupons of a session, and without a user who is missing: paying asks the present one for an id.
     *
     * @template T
     * @param \Closure(): T $write
     * @return T
     */
    private function quietly(OrderDefaults $defaults, \Closure $write): mixed
    {
        global $USER;
        $user = $USER ?? null;
        $wasQuiet = Notify::isNotifyDisabled();
        if (!is_object($user)) {
            $USER = new \CUser();
        }
        Notify::setNotifyDisable(!$defaults->sendsMail);
        try {
            DiscountCouponsManager::init(DiscountCouponsManager::MODE_EXTERNAL);

            return $write();
        } finally {
            Notify::setNotifyDisable($wasQuiet);
            $USER = $user;
        }
    }

    /** @return class-string<Order> other modules may have put their own in its place */
    private static function orderClass(): string
    {
        return Registry::getInstance(Registry::REGISTRY_TYPE_ORDER)->getOrderClassName();
    }
}
