<?php

namespace Bitrix\Sale;

use Bitrix\Sale\Internals\EntityCollection;

/** What every kind of basket has. */
abstract class BasketBase extends EntityCollection
{
    protected ?OrderBase $order = null;
    protected string $siteId = '';

    public function setOrder(OrderBase $order)
    {
        $this->order = $order;
    }

    public function getOrder()
    {
        return $this->order;
    }

    public function getSiteId()
    {
        return $this->siteId;
    }

    public function getBasketItems()
    {
        return array_values($this->collection);
    }

    public function getPrice()
    {
        return array_sum(array_map(static fn (BasketItem $item): float => $item->getFinalPrice(), $this->collection));
    }
}
