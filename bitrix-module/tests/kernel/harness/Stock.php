<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Catalog\Config\State;
use Bitrix\Catalog\Model\Product;
use Bitrix\Catalog\ProductTable;
use Bitrix\Catalog\StoreProductTable;
use Bitrix\Catalog\StoreTable;
use Bitrix\Main\Config\Option;
use Bitrix\Main\Type\Date;
use Bitrix\Main\Type\DateTime;
use Bitrix\Sale\Basket;
use Bitrix\Sale\BasketItem;
use Bitrix\Sale\EntityMarker;
use Bitrix\Sale\Order;
use Bitrix\Sale\Reservation\Internals\BasketReservationTable;
use Bitrix\Sale\Result;
use Bitrix\Sale\ResultError;
use Bitrix\Sale\ResultWarning;
use Bitrix\Sale\Shipment;
use Bitrix\Sale\ShipmentItem;

/**
 * What an order does to the stock: reserves, gives back, ships. Without warehouse accounting a reserve lowers the product's
 * quantity at once; with it the row of the warehouse changes too, by the table's own events.
 */
final class Stock
{
    /** @var array<int, array{item: BasketItem, reserved: float, wanted: float, shipped: float, ships: float}> by object id */
    private array $lines = [];

    public function __construct(private readonly Order $order, ?Basket $basket, private readonly Result $result)
    {
        foreach ($basket ?? [] as $item) {
            $this->add($item, $this->pieces($item));
        }
        foreach ($basket === null ? [] : Inner::get($basket, 'deleted') as $item) {
            $this->add($item, 0.0);
        }
    }

    public static function isTraced(array $product): bool
    {
        $trace = $product['QUANTITY_TRACE'] === 'D' ? Option::get('catalog', 'default_quantity_trace', 'N') : $product['QUANTITY_TRACE'];
        $canBuyZero = $product['CAN_BUY_ZERO'] === 'D' ? Option::get('catalog', 'default_can_buy_zero', 'N') : $product['CAN_BUY_ZERO'];
        return $trace === 'Y' && $canBuyZero !== 'Y';
    }

    private function add(BasketItem $item, float $pieces): void
    {
        if ($item->getProvider() === null) {
            return;
        }
        [$was, $is] = $this->shipped($item);
        $isWanted = $pieces > 0 && !$is && !$this->order->isCanceled() && $this->needsReserve();
        $this->lines[spl_object_id($item)] = ['item' => $item, 'reserved' => $item->getReservedQuantity(), 'wanted' => $isWanted ? $pieces : 0.0,
            'shipped' => $was ? $pieces : 0.0, 'ships' => $is ? $pieces : 0.0];
    }

    private function pieces(BasketItem $item): float
    {
        return $item->getQuantity();
    }

    /** @return array{bool, bool} whether its parcel had left, and has left now */
    private function shipped(BasketItem $item): array
    {
        foreach ($this->order->getShipmentCollection()->getNotSystemItems() as $shipment) {
            foreach ($shipment->getShipmentItemCollection() as $line) {
                if ($line->getBasketItem() === $item) {
                    $fields = $shipment->getFields();
                    $was = $fields->isChanged('DEDUCTED') ? $fields->getOriginalValues()['DEDUCTED'] : $shipment->getField('DEDUCTED');
                    return [$was === 'Y', $shipment->isShipped()];
                }
            }
        }
        return [false, false];
    }

    /** `product_reserve_condition` of `sale`: O creation, P full payment, R any payment, D delivery allowed, S never. */
    private function needsReserve(): bool
    {
        return match (Option::get('sale', 'product_reserve_condition', 'O')) {
            'P' => $this->order->isPaid(),
            'R' => $this->order->getPaymentCollection()->hasPaidPayment(),
            'D' => $this->order->isAllowDelivery(),
            'S' => false,
            default => true,
        };
    }

    public function apply(): void
    {
        $lines = $this->lines;
        if (State::isUsedInventoryManagement() && $this->order->isNew()) {
            $lines = array_reverse($lines, true);
        }
        foreach ($lines as $id => $line) {
            $reserve = $line['wanted'] - $line['reserved'];
            $ship = $line['ships'] - $line['shipped'];
            if (abs($reserve) < 0.00001 && abs($ship) < 0.00001) {
                continue;
            }
            $this->change($id, $line['item'], $reserve, $ship);
        }
    }

    private function change(int $id, BasketItem $item, float $reserve, float $ship): void
    {
        $row = ProductTable::getRowById($item->getProductId());
        if ($row === null) {
            return;
        }
        if ($reserve > 0 && $ship >= 0 && self::isTraced($row) && (float)$row['QUANTITY'] < $reserve) {
            $this->refuse($id, $item);
            return;
        }
        // What is given back or reserved moves between the two columns; what leaves is gone from their sum.
        $fields = ['QUANTITY' => (float)$row['QUANTITY'] - $reserve - $ship, 'QUANTITY_RESERVED' => (float)$row['QUANTITY_RESERVED'] + $reserve];
        $fields = array_filter($fields, static fn (float $value, string $name): bool => abs($value - (float)$row[$name]) > 0.00001, ARRAY_FILTER_USE_BOTH);
        State::isUsedInventoryManagement() && $this->changeStore($item, $reserve, $ship);
        $fields === [] || Product::update($item->getProductId(), $fields);
    }

    private function changeStore(BasketItem $item, float $reserve, float $ship): void
    {
        $store = $this->storeOf($item);
        $row = StoreProductTable::getRow(['filter' => ['=PRODUCT_ID' => $item->getProductId(), '=STORE_ID' => $store]]);
        $fields = ['AMOUNT' => (float)($row['AMOUNT'] ?? 0) - $ship, 'QUANTITY_RESERVED' => (float)($row['QUANTITY_RESERVED'] ?? 0) + $reserve];
        if ($row === null) {
            StoreProductTable::add(['PRODUCT_ID' => $item->getProductId(), 'STORE_ID' => $store] + $fields);
            return;
        }
        StoreProductTable::update((int)$row['ID'], array_filter($fields, static fn (float $value, string $name): bool => abs($value - (float)$row[$name]) > 0.00001, ARRAY_FILTER_USE_BOTH));
    }

    private function storeOf(BasketItem $item): int
    {
        $reserved = $item->getId() === 0 ? null : BasketReservationTable::getRow(['filter' => ['=BASKET_ID' => $item->getId(), '>STORE_ID' => 0]]);
        return (int)($reserved['STORE_ID'] ?? StoreTable::getDefaultStoreId()
            ?? StoreTable::getRow(['filter' => ['=ACTIVE' => 'Y'], 'order' => ['SORT' => 'ASC', 'ID' => 'ASC']])['ID'] ?? 0);
    }

    /** A shortage that came between the basket and the save: the order is written, marked, and the result warns. */
    private function refuse(int $id, BasketItem $item): void
    {
        $this->lines[$id]['wanted'] = $this->lines[$id]['reserved'];
        $message = 'Not enough of ' . $item->getField('NAME') . ' to reserve.';
        $this->result->addWarning(new ResultWarning($message, 'SALE_PROVIDER_RESERVE_SHIPMENT_ITEM_WRONG_AVAILABLE_QUANTITY'));
        $marked = new Result();
        $marked->addWarning(new ResultWarning($message, 'SALE_PROVIDER_RESERVE_SHIPMENT_ITEM_WRONG_AVAILABLE_QUANTITY'));
        EntityMarker::addMarker($this->order, $this->order, $marked);
        $this->order->setField('MARKED', 'Y');
        $this->order->setFieldNoDemand('REASON_MARKED', $message);
    }

    private function line(BasketItem $item): ?array
    {
        return $this->lines[spl_object_id($item)] ?? null;
    }

    public function touches(BasketItem $item): bool
    {
        $line = $this->line($item);
        return $line !== null && abs($line['wanted'] - $line['reserved']) > 0.00001;
    }

    public function writeReservation(BasketItem $item): void
    {
        $line = $this->line($item);
        if ($line === null || abs($line['wanted'] - $line['reserved']) < 0.00001) {
            return;
        }
        $row = BasketReservationTable::getRow(['filter' => ['=BASKET_ID' => $item->getId()]]);
        if ($row === null) {
            BasketReservationTable::add(['STORE_ID' => State::isUsedInventoryManagement() ? $this->storeOf($item) : 0, 'QUANTITY' => $line['wanted'], 'BASKET_ID' => $item->getId(),
                'DATE_RESERVE_END' => (new Date())->add('3 days'), 'DATE_RESERVE' => new DateTime()]);
        } elseif ($line['wanted'] <= 0.0) {
            BasketReservationTable::delete((int)$row['ID']);
        } else {
            BasketReservationTable::update((int)$row['ID'], ['QUANTITY' => $line['wanted']]);
        }
    }

    /** @return float|null how much of the line is reserved for the parcel; null: the stock is no matter of it */
    public function heldBy(ShipmentItem $item): ?float
    {
        $line = $this->line($item->getBasketItem());
        return $line === null ? null : min($line['wanted'], $item->getQuantity());
    }

    /** Whether a line that is gone from the basket had a reserve. */
    public function givesBackOfDeleted(): bool
    {
        if (!($this->order->getBasket()?->isAnyItemDeleted() ?? false)) {
            return false;
        }
        return array_filter($this->lines, static fn (array $line): bool => $line['reserved'] > 0.0 && $line['wanted'] <= 0.0) !== [];
    }

    public function hasReserved(): bool
    {
        foreach ($this->lines as $line) {
            if ($line['wanted'] > $line['reserved']) {
                return true;
            }
        }
        return false;
    }

    /** Whether all of the parcel is reserved; null of the system's own shipment and of one that has left. */
    public function reservedFlag(Shipment $shipment): ?string
    {
        if ($shipment->isSystem() || $this->lines === []) {
            return null;
        }
        $wasShipped = $shipment->getFields()->isChanged('DEDUCTED');
        if ($shipment->isShipped()) {
            return null;
        }
        $isWhole = true;
        foreach ($shipment->getShipmentItemCollection() as $item) {
            $held = $this->heldBy($item);
            $isWhole = $isWhole && ($held === null || $held >= $item->getQuantity());
        }
        $flag = $isWhole ? 'Y' : 'N';
        if ($wasShipped && $flag === 'Y') {
            $shipment->setFieldNoDemand('RESERVED', 'N');
        }
        return $flag;
    }

    /** @param list<ShipmentItem> $deleted */
    public function touchesItemsOf(Shipment $shipment, array $deleted): bool
    {
        if ($deleted !== []) {
            return true;
        }
        foreach ($shipment->getShipmentItemCollection() as $item) {
            $held = $this->heldBy($item);
            if ($item->isChanged() || ($held !== null && abs($held - $item->getReservedQuantity()) > 0.00001)) {
                return true;
            }
        }
        return false;
    }

    /** The system's own shipment is written too where the quantity of a line changed. */
    public function touchesSystem(Shipment $shipment): bool
    {
        if (!$shipment->isSystem()) {
            return false;
        }
        foreach ($this->lines as $line) {
            if ($line['item']->getFields()->isChanged('QUANTITY') && $line['item']->getId() > 0 && $line['reserved'] > 0) {
                return true;
            }
        }
        return $this->order->getBasket()?->isAnyItemDeleted() ?? false;
    }
}
