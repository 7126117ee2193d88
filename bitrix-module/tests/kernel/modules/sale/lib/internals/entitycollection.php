<?php

namespace Bitrix\Sale\Internals;

use Bitrix\Sale\Result;

/** Members of an order in their order. */
abstract class EntityCollection implements \ArrayAccess, \Countable, \IteratorAggregate
{
    /** @var array<int, CollectableEntity> */
    protected $collection = [];
    /** @var list<CollectableEntity> with an id, gone since the last save */
    protected $deleted = [];
    protected $anyItemDeleted = false;
    private $index = -1;

    protected function __construct()
    {
    }

    protected function addItem(CollectableEntity $item)
    {
        $item->setCollection($this);
        $item->setInternalIndex(++$this->index);
        $this->collection[$this->index] = $item;
        return $item;
    }

    public function onItemModify(CollectableEntity $item, $name = null, $oldValue = null, $value = null)
    {
        return new Result();
    }

    public function deleteItem($index)
    {
        $item = $this->collection[$index];
        unset($this->collection[$index]);
        $item->getId() > 0 && $this->deleted[] = $item;
        $this->anyItemDeleted = true;
        return $item;
    }

    public function isAnyItemDeleted()
    {
        return $this->anyItemDeleted;
    }

    public function getItemById($id)
    {
        foreach ($this->collection as $item) {
            if ($item->getId() === (int)$id) {
                return $item;
            }
        }
        return null;
    }

    public function getItemByIndex($index)
    {
        return $this->collection[$index] ?? null;
    }

    public function isChanged()
    {
        if ($this->anyItemDeleted) {
            return true;
        }
        foreach ($this->collection as $item) {
            if ($item->isChanged()) {
                return true;
            }
        }
        return false;
    }

    public function clearChanged()
    {
        $this->deleted = [];
        $this->anyItemDeleted = false;
        foreach ($this->collection as $item) {
            $item->clearChanged();
        }
    }

    public function isEmpty()
    {
        return $this->collection === [];
    }

    public function getIterator(): \Traversable
    {
        return new \ArrayIterator($this->collection);
    }

    public function count(): int
    {
        return count($this->collection);
    }

    public function offsetExists($offset): bool
    {
        return isset($this->collection[$offset]);
    }

    #[\ReturnTypeWillChange]
    public function offsetGet($offset)
    {
        return $this->collection[$offset] ?? null;
    }

    public function offsetSet($offset, $value): void
    {
        $this->collection[$offset] = $value;
    }

    public function offsetUnset($offset): void
    {
        unset($this->collection[$offset]);
    }
}
