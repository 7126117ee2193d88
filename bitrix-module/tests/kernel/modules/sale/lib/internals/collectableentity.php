<?php

namespace Bitrix\Sale\Internals;

/** A member of a collection. */
abstract class CollectableEntity extends Entity
{
    protected $collection;
    protected $internalIndex;

    public function setCollection(EntityCollection $collection)
    {
        $this->collection = $collection;
    }

    public function getCollection()
    {
        return $this->collection;
    }

    public function setInternalIndex($index)
    {
        $this->internalIndex = $index;
    }

    public function getInternalIndex()
    {
        return $this->internalIndex;
    }

    protected function onFieldModify($name, $oldValue, $value)
    {
        return $this->collection->onItemModify($this, $name, $oldValue, $value);
    }

    public function delete()
    {
        $this->collection->deleteItem($this->internalIndex);
        return new \Bitrix\Sale\Result();
    }
}
