<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\OrderDefaults;
use Bitrix\Catalog\Product\CatalogProvider;
use Bitrix\Catalog\ProductTable;
use Bitrix\Sale\Basket;
use Bitrix\Sale\BasketItem;
use Bitrix\Sale\Order;
use Bitrix\Sale\PaySystem\Manager as PaySystems;
use Bitrix\Sale\Shipment;

/** What an order consists of: basket, shipment, payment. Prices are AliExpress's; stock is reserved as for the shop's own orders. */
final class GoodsWriter
{
    /**
     * @param array<string, int> $offers SKU => element
     * @return array<string, int> line => pieces as they were written
     */
    public function fill(Order $order, OrderData $data, OrderDefaults $defaults, array $offers, Notes $notes): array
    {
        $basket = Basket::create($order->getSiteId());
        $lines = [];
        foreach ($data->lines as $line) {
            if (!$line->isCancelled) {
                $this->add($basket, $line, $offers[$line->sku] ?? 0, $data->currency, $order->getSiteId(), $notes);
                $lines[$line->id] = $line->quantity;
            }
        }
        $notes->take('basket_faults', $order->setBasket($basket));
        $this->ship($order, $data, $defaults, $notes);
        $this->pay($order, $data, $defaults, $notes);
        $notes->take('order_faults', $order->doFinalAction(true));

        return $lines;
    }

    /**
     * Takes cancelled lines out where they are as we wrote them; else a manager has touched them and is told.
     *
     * @return array<string, int> line => pieces as they are written now
     */
    public function reduce(Order $order, OrderData $data, Done $done, Notes $notes): array
    {
        $lines = $done->lines;
        foreach ($data->lines as $line) {
            if (!$line->isCancelled || !isset($lines[$line->id])) {
                continue;
            }
            $items = $this->itemsOf($order, $line->id);
            $pieces = (int)array_sum(array_map(static fn (BasketItem $item): float => (float)$item->getQuantity(), $items));
            if ($order->isShipped() || $pieces !== $lines[$line->id]) {
                $notes->add('line_cancelled', "AliExpress cancelled the line {$line->id} ({$line->sku}): reduce it by hand");
                continue;
            }
            foreach ($items as $item) {
                $notes->take('line_cancelled', $item->delete());
            }
            unset($lines[$line->id]);
        }

        return $lines;
    }

    /** As many of a line as the stock has are reserved; the rest, and what the shop does not know, is written without a product's provider. */
    private function add(Basket $basket, Line $line, int $elementId, string $currency, string $site, Notes $notes): void
    {
        if ($elementId < 1) {
            $notes->add('sku_unknown', "the shop has no product with the SKU {$line->sku} (line {$line->id})");
            $this->item($basket, $line, $line->quantity, 0, '', $currency, $site, $notes);

            return;
        }
        $reserved = min($line->quantity, $this->available($elementId));
        if ($reserved > 0) {
            $this->item($basket, $line, $reserved, $elementId, '\\' . CatalogProvider::class, $currency, $site, $notes);
        }
        if ($reserved < $line->quantity) {
            $missing = $line->quantity - $reserved;
            $notes->add('stock_short', "$missing of {$line->quantity} pieces of {$line->sku} are not in stock (line {$line->id})");
            $this->item($basket, $line, $missing, $elementId, '', $currency, $site, $notes);
        }
    }

    private function item(
        Basket $basket,
        Line $line,
        int $quantity,
        int $elementId,
        string $provider,
        string $currency,
        string $site,
        Notes $notes,
    ): void {
        // A line without a product needs an id all the same; the module's name keeps it apart from the catalogue's.
        $item = $elementId > 0
            ? $basket->createItem('catalog', $elementId)
            : $basket->createItem(ModuleOptions::MODULE_ID, (crc32($line->sku . $line->id) & 0x3FFFFFFF) + 1);
        $fields = [
            'NAME' => $line->name !== '' ? $line->name : $line->sku,
            'LID' => $site,
            'CURRENCY' => $currency,
            'PRICE' => (float)$line->price,
            'BASE_PRICE' => (float)$line->price,
            'CUSTOM_PRICE' => 'Y',
            'QUANTITY' => $quantity,
            'XML_ID' => $line->id,
            'PRODUCT_XML_ID' => $line->sku,
        ];
        if ($provider !== '') {
            $fields['PRODUCT_PROVIDER_CLASS'] = $provider;
        }
        $notes->take('basket_faults', $item->setFields($fields));
    }

    /** Pieces that may be reserved now. */
    private function available(int $elementId): int
    {
        $row = ProductTable::getRow([
            'select' => ['QUANTITY', 'QUANTITY_TRACE', 'CAN_BUY_ZERO'],
            'filter' => ['=ID' => $elementId],
        ]);
        if ($row === null) {
            return 0;
        }
        $isUnlimited = $row['QUANTITY_TRACE'] !== 'Y' || $row['CAN_BUY_ZERO'] === 'Y';

        return $isUnlimited ? PHP_INT_MAX : max(0, (int)floor((float)$row['QUANTITY']));
    }

    private function ship(Order $order, OrderData $data, OrderDefaults $defaults, Notes $notes): void
    {
        $service = Shop::delivery($defaults->deliveryId);
        $shipment = $order->getShipmentCollection()->createItem($service);
        if (!$shipment instanceof Shipment) {
            $notes->add('shipment_faults', 'the order has no shipment: choose a delivery service in the settings');

            return;
        }
        $notes->take('shipment_faults', $shipment->setFields([
            'CURRENCY' => $data->currency,
            'CUSTOM_PRICE_DELIVERY' => 'Y',
            'BASE_PRICE_DELIVERY' => $data->delivery(),
            'PRICE_DELIVERY' => $data->delivery(),
        ]));
        $items = $shipment->getShipmentItemCollection();
        foreach ($order->getBasket()->getBasketItems() as $item) {
            $shipped = $items->createItem($item);
            if ($shipped !== null) {
                $notes->take('shipment_faults', $shipped->setQuantity($item->getQuantity()));
            }
        }
    }

    private function pay(Order $order, OrderData $data, OrderDefaults $defaults, Notes $notes): void
    {
        $system = Shop::paySystem($defaults->paySystemId);
        $service = $system > 0 ? PaySystems::getObjectById($system) : null;
        if ($service === null) {
            $notes->add('payment_faults', 'the order has no payment: choose a pay system in the settings');

            return;
        }
        $payment = $order->getPaymentCollection()->createItem($service);
        $notes->take('payment_faults', $payment->setFields(['SUM' => $order->getPrice(), 'CURRENCY' => $data->currency]));
        if (abs($order->getPrice() - (float)$data->total) > 0.009) {
            $notes->add('total_differs', "the order costs {$order->getPrice()} here and {$data->total} {$data->currency} on AliExpress");
        }
    }

    /** @return list<BasketItem> those of a line: what is reserved and what was missing */
    private function itemsOf(Order $order, string $lineId): array
    {
        $items = [];
        foreach ($order->getBasket()->getBasketItems() as $item) {
            if ((string)$item->getField('XML_ID') === $lineId) {
                $items[] = $item;
            }
        }

        return $items;
    }
}
