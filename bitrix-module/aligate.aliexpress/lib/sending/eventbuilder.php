<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Reading\Offer;
use Aligate\Aliexpress\Reading\Order;
use Aligate\Aliexpress\Reading\Price;
use Aligate\Aliexpress\Reading\Product;
use Aligate\Aliexpress\Reading\PropertyValue;
use Aligate\Aliexpress\Reading\Section;
use Aligate\Aliexpress\Reading\Shipment;

/** States of the shop as the data of events. Pure; the gateway's contract in PHP. */
final class EventBuilder
{
    /** Of `sale`: the order is done. */
    private const STATUS_DONE = 'F';

    /** @return array<string, mixed> */
    public static function stock(string $sku, int $quantity): array
    {
        return ['sku' => $sku, 'quantity' => $quantity];
    }

    /** @return array<string, mixed> */
    public static function price(string $sku, Price $price): array
    {
        return ['sku' => $sku] + self::money($price);
    }

    /**
     * @param array<int, string> $skus offer => SKU; offers that are not here are left out
     * @param array<int, int> $quantities offer => pieces
     * @param array<int, Price> $prices offer => price
     * @return array<string, mixed>
     */
    public static function product(Product $product, array $skus, array $quantities, array $prices): array
    {
        $data = [
            'product_id' => (string)$product->id,
            'xml_id' => $product->xmlId,
            'active' => $product->isActive,
            'name' => $product->name,
            'description_html' => $product->descriptionHtml,
            'section' => self::section($product->path),
            'brand' => $product->brand,
            'url' => $product->url,
            'images' => $product->images,
            'properties' => array_map(self::property(...), $product->properties),
            'package' => $product->package->toArray(),
            'translations' => $product->translations,
        ];
        $data = array_filter($data, static fn ($value): bool => $value !== '' && $value !== [] && $value !== null);
        $data['offers'] = [];
        foreach ($product->offers as $offer) {
            if (isset($skus[$offer->id])) {
                $price = $prices[$offer->id] ?? null;
                $data['offers'][] = ['sku' => $skus[$offer->id], 'offer_id' => (string)$offer->id]
                    + ($price === null ? [] : self::money($price))
                    + ['quantity' => $quantities[$offer->id] ?? 0]
                    + self::offer($offer);
            }
        }

        return $data;
    }

    /**
     * The data of a product without what has lanes of its own: what tells whether its content changed.
     *
     * @param array<string, mixed> $data
     */
    public static function contentHash(array $data): string
    {
        foreach ($data['offers'] as $at => $offer) {
            unset($offer['quantity'], $offer['price'], $offer['discount_price'], $offer['currency']);
            $data['offers'][$at] = $offer;
        }

        return self::hash($data);
    }

    /** @param array<string, mixed> $data */
    public static function hash(array $data): string
    {
        $flags = JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR;

        return md5((string)json_encode($data, $flags));
    }

    /**
     * @param list<string> $skus
     * @return array<string, mixed>
     */
    public static function deleted(int $productId, array $skus): array
    {
        return ['product_id' => (string)$productId, 'skus' => $skus];
    }

    /**
     * @param array<int, string> $skus product or offer => SKU
     * @param array<string, string> $carriers delivery service => AliExpress carrier
     * @return array<string, mixed>|null null while there is nothing to tell of it
     */
    public static function order(Order $order, array $skus, array $carriers): ?array
    {
        $status = match (true) {
            $order->isGone, $order->isCanceled => 'cancelled',
            $order->statusId === self::STATUS_DONE && $order->shipments !== [] => 'delivered',
            default => 'shipped',
        };
        // A number that was taken back is told as well: the list is always the whole list.
        if ($status === 'shipped' && $order->shipments === [] && $order->sentHash === null) {
            return null;
        }

        return [
            'aliexpress_order_id' => $order->aliexpressId,
            'order_id' => (string)$order->id,
            'status' => $status,
            'complete' => $order->isShippedWhole(),
            'shipments' => array_map(
                static fn (Shipment $one): array => self::shipment($one, $skus, $carriers),
                $order->shipments,
            ),
        ];
    }

    /** @return array<string, string|null> */
    private static function money(Price $price): array
    {
        $money = ['price' => $price->price];
        if ($price->discounted !== false) {
            $money['discount_price'] = $price->discounted;
        }

        return $money + ['currency' => $price->currency];
    }

    /** @return array<string, mixed> */
    private static function offer(Offer $offer): array
    {
        $data = [
            'barcode' => $offer->barcode,
            'properties' => array_map(self::property(...), $offer->properties),
            'images' => $offer->images,
        ];

        return array_filter($data, static fn ($value): bool => $value !== '' && $value !== []);
    }

    /**
     * @param list<Section> $path
     * @return array<string, mixed>|null
     */
    private static function section(array $path): ?array
    {
        if ($path === []) {
            return null;
        }

        return [
            'id' => (string)$path[count($path) - 1]->id,
            'path' => array_map(static fn (Section $one): string => $one->name, $path),
        ];
    }

    /** @return array<string, mixed> */
    private static function property(PropertyValue $value): array
    {
        $data = ['code' => $value->property->code, 'name' => $value->property->name];
        $one = static fn (array $pair): array => ['value' => $pair[0]]
            + ($pair[1] === null ? [] : ['value_id' => $pair[1]]);
        if (!$value->property->isMultiple) {
            return $data + $one($value->values[0]) + ['multiple' => false];
        }

        return $data + ['multiple' => true, 'values' => array_map($one, $value->values)];
    }

    /**
     * @param array<int, string> $skus
     * @param array<string, string> $carriers
     * @return array<string, mixed>
     */
    private static function shipment(Shipment $shipment, array $skus, array $carriers): array
    {
        $lines = [];
        foreach ($shipment->pieces as $productId => $pieces) {
            if (($skus[$productId] ?? '') !== '') {
                $lines[] = ['sku' => $skus[$productId], 'quantity' => (int)round($pieces)];
            }
        }
        $carrier = $carriers[(string)$shipment->deliveryId] ?? $shipment->deliveryCode;

        return [
            'id' => (string)$shipment->id,
            'tracking_number' => $shipment->trackingNumber,
            'carrier' => $carrier === '' ? null : $carrier,
            'tracking_url' => null,
            'lines' => $lines,
        ];
    }
}
