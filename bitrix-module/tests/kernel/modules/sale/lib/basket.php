<?php

namespace Bitrix\Sale;

use Aligate\Aliexpress\Tests\FakeKernel\Inner;
use Bitrix\Sale\Internals\BasketTable;
use Bitrix\Sale\Internals\CollectableEntity;

/** A basket. */
class Basket extends BasketBase
{
    public static function create($siteId)
    {
        $basket = new static();
        $basket->siteId = (string)$siteId;
        return $basket;
    }

    public static function loadItemsForOrder(OrderBase $order)
    {
        $basket = self::create($order->getSiteId());
        $basket->setOrder($order);
        foreach (BasketTable::getList(['filter' => ['=ORDER_ID' => $order->getId()], 'order' => ['SORT' => 'ASC', 'ID' => 'ASC']])->fetchAll() as $row) {
            $basket->addItem(BasketItem::load($basket, $row));
        }
        return $basket;
    }

    public function createItem($moduleId, $productId, $basketCode = null)
    {
        $item = BasketItem::create($this, $moduleId, $productId, $basketCode);
        $this->addItem($item);
        $item->setFieldNoDemand('SORT', count($this->collection) * 100);
        return $item;
    }

    public function onItemModify(CollectableEntity $item, $name = null, $oldValue = null, $value = null)
    {
        if ($this->order instanceof Order && in_array($name, ['QUANTITY', 'PRICE'], true)) {
            $name === 'QUANTITY' && Inner::call($this->order->getShipmentCollection(), 'follow', $item);
            Inner::call($this->order, 'recount');
        }
        return new Result();
    }

    public function deleteItem($index)
    {
        if ($this->order instanceof Order) {
            Inner::call($this->order->getShipmentCollection(), 'forget', $this->collection[$index]);
        }
        $item = parent::deleteItem($index);
        if ($this->order instanceof Order) {
            Inner::call($this->order, 'recount');
        }
        return $item;
    }

    public function getItemByXmlId($xmlId)
    {
        foreach ($this->collection as $item) {
            if ($item->getField('XML_ID') === $xmlId) {
                return $item;
            }
        }
        return null;
    }

    public function getItemByBasketCode($code)
    {
        foreach ($this->collection as $item) {
            if ((string)$item->getBasketCode() === (string)$code) {
                return $item;
            }
        }
        return null;
    }

    public function getBasePrice()
    {
        return array_sum(array_map(static fn (BasketItem $item): float => $item->getBasePrice() * $item->getQuantity(), $this->collection));
    }

    public function getQuantityList()
    {
        $list = [];
        foreach ($this->collection as $item) {
            $list[$item->getBasketCode()] = $item->getQuantity();
        }
        return $list;
    }
}
