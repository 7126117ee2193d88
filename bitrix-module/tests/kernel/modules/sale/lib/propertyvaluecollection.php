<?php

namespace Bitrix\Sale;

use Aligate\Aliexpress\Tests\FakeKernel\Inner;
use Bitrix\Sale\Internals\EntityCollection;
use Bitrix\Sale\Internals\OrderPropsTable;
use Bitrix\Sale\Internals\OrderPropsValueTable;

/** Properties of an order: one value for each property of the kind of payer. */
class PropertyValueCollection extends EntityCollection
{
    private OrderBase $order;

    public static function load(OrderBase $order)
    {
        $collection = new static();
        $collection->order = $order;
        $stored = $order->getId() === 0 ? [] : array_column(OrderPropsValueTable::getList(['filter' => ['=ORDER_ID' => $order->getId()]])->fetchAll(), null, 'ORDER_PROPS_ID');
        $rows = OrderPropsTable::getList(['filter' => ['=PERSON_TYPE_ID' => $order->getPersonTypeId(), '=ACTIVE' => 'Y'], 'order' => ['SORT' => 'ASC', 'ID' => 'ASC']])->fetchAll();
        foreach ($rows as $row) {
            $collection->addItem(Inner::make(PropertyValue::class, 'of', $row, $stored[$row['ID']] ?? null));
        }
        return $collection;
    }

    public function getOrder()
    {
        return $this->order;
    }

    private function first(\Closure $test): ?PropertyValue
    {
        foreach ($this->collection as $value) {
            if ($test($value->getProperty())) {
                return $value;
            }
        }
        return null;
    }

    public function getAttribute($name)
    {
        return $this->first(static fn (array $property): bool => ($property[$name] ?? 'N') === 'Y');
    }

    public function getItemByOrderPropertyId($orderPropertyId)
    {
        return $this->first(static fn (array $property): bool => (int)$property['ID'] === (int)$orderPropertyId);
    }

    public function getItemByOrderPropertyCode(string $propertyCode)
    {
        return $this->first(static fn (array $property): bool => $property['CODE'] === $propertyCode);
    }

    public function getItemsByOrderPropertyCode(string $propertyCode)
    {
        return array_values(array_filter($this->collection, static fn (PropertyValue $value): bool => $value->getField('CODE') === $propertyCode));
    }

    public function getUserEmail()
    {
        return $this->getAttribute('IS_EMAIL');
    }

    public function getPayerName()
    {
        return $this->getAttribute('IS_PAYER');
    }

    public function getPhone()
    {
        return $this->getAttribute('IS_PHONE');
    }

    public function getAddress()
    {
        return $this->getAttribute('IS_ADDRESS');
    }

    public function getDeliveryLocation()
    {
        return $this->getAttribute('IS_LOCATION');
    }

    public function getDeliveryLocationZip()
    {
        return $this->getAttribute('IS_ZIP');
    }

    public function getArray(bool $refreshData = false)
    {
        return ['properties' => array_map(static fn (PropertyValue $value): array => $value->getProperty() + ['VALUE' => [$value->getValue()]], array_values($this->collection))];
    }
}
