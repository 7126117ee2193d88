<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Reading\Catalogs;
use Aligate\Aliexpress\Reading\Discounts;
use Aligate\Aliexpress\Reading\FileReader;
use Aligate\Aliexpress\Reading\Goods;
use Aligate\Aliexpress\Reading\GoodsReader;
use Aligate\Aliexpress\Reading\Order;
use Aligate\Aliexpress\Reading\OrderReader;
use Aligate\Aliexpress\Reading\PriceReader;
use Aligate\Aliexpress\Reading\ProductReader;
use Aligate\Aliexpress\Reading\PropertyReader;
use Aligate\Aliexpress\Reading\Rows;
use Aligate\Aliexpress\Reading\Site;
use Aligate\Aliexpress\Reading\SkuFinder;
use Aligate\Aliexpress\Reading\StockReader;
use Bitrix\Catalog\Config\State;

/** Reads everything that is wanted at once: the number of queries does not depend on the number of entities. */
final class SituationReader
{
    public function __construct(
        private readonly Rows $rows,
        private readonly SentRepository $sent,
        private readonly Discounts $discounts,
    ) {
    }

    public function read(Connection $connection, Wanted $wanted): Situation
    {
        $catalogs = Catalogs::read($this->rows, $connection->iblockIds);
        $site = Site::read($this->rows, $connection->siteId);
        $files = new FileReader($this->rows, $site);
        $properties = new PropertyReader($this->rows, $files);
        $finder = new SkuFinder($properties);
        $goodsReader = new GoodsReader($this->rows);

        $orders = (new OrderReader($this->rows))->read($connection->id, $wanted->ids(Kind::Order));
        $single = [...$wanted->ids(Kind::Stock, Kind::Price), ...self::goodsOf($orders)];
        $whole = $this->withTheirProducts($connection, $wanted->ids(Kind::Product));
        $goods = $goodsReader->read($catalogs, $single, $whole);
        $sold = self::sold($goods, $single, $whole);
        $skus = $finder->find($connection, $goods, $sold);
        [$memory, $others] = $this->memory($connection, $skus, [...$single, ...$whole, ...$sold], $whole);
        $otherGoods = $others === [] ? null : $goodsReader->read($catalogs, $others, []);
        if ($otherGoods !== null) {
            $others = array_values(array_filter($others, $otherGoods->isSellable(...)));
            $skus += $finder->find($connection, $otherGoods, $others);
            $goods = $otherGoods->with($goods);
            $sold = [...$sold, ...$others];
        }
        $products = $wanted->of(Kind::Product) === [] || !$connection->sendsProducts
            ? []
            : (new ProductReader($this->rows, $properties, $files, $site))
                ->read($connection, $catalogs, $goods, self::products($goods, $whole));
        $keepsWarehouses = $connection->warehouseIds !== [] && State::isUsedInventoryManagement();

        return new Situation(
            $goods,
            $skus,
            $memory,
            (new StockReader($this->rows))->read($connection, $sold, $keepsWarehouses),
            (new PriceReader($this->rows, $this->discounts))->read($connection, $sold, $site->id),
            $products,
            $orders,
        );
    }

    /**
     * An offer that is gone is known by memory alone, and so is its product, whose list of offers is now shorter.
     *
     * @param list<int> $ids
     * @return list<int>
     */
    private function withTheirProducts(Connection $connection, array $ids): array
    {
        $whole = array_flip($ids);
        foreach ($this->sent->of($connection->id, $ids, []) as $row) {
            $whole[$row->productId] = true;
        }

        return array_keys($whole);
    }

    /**
     * @param array<int, string> $skus
     * @param list<int> $elementIds
     * @param list<int> $productIds
     * @return array{list<SentRow>, list<int>} and the elements beside these that were sent under the same SKUs
     */
    private function memory(Connection $connection, array $skus, array $elementIds, array $productIds): array
    {
        $memory = $this->sent->of($connection->id, array_values(array_unique($elementIds)), $productIds);
        $names = array_filter($skus, static fn (string $sku): bool => SkuFinder::fault($sku) === null);
        foreach ($memory as $row) {
            $names[] = $row->sku;
        }
        $known = [];
        foreach ([...$memory, ...$this->sent->bySku($connection->id, array_values(array_unique($names)))] as $row) {
            $known["{$row->elementId} {$row->sku}"] = $row;
        }
        $others = array_map(static fn (SentRow $row): int => $row->elementId, array_values($known));

        return [array_values($known), array_values(array_diff(array_unique($others), array_keys($skus)))];
    }

    /**
     * @param list<int> $single
     * @param list<int> $whole
     * @return list<int> what of them has stock and a price
     */
    private static function sold(Goods $goods, array $single, array $whole): array
    {
        $sold = array_filter($single, $goods->isSellable(...));
        foreach (self::products($goods, [...$single, ...$whole]) as $productId) {
            if (isset($goods->offersOf[$productId]) || in_array($productId, $whole, true)) {
                array_push($sold, ...$goods->sellableOf($productId));
            }
        }

        return array_values(array_unique($sold));
    }

    /**
     * @param list<int> $whole
     * @return list<int>
     */
    private static function products(Goods $goods, array $whole): array
    {
        $products = array_map($goods->productId(...), $whole);

        return array_values(array_unique(array_filter($products, is_int(...))));
    }

    /**
     * @param array<int, Order> $orders
     * @return list<int> what is in their parcels
     */
    private static function goodsOf(array $orders): array
    {
        $ids = [];
        foreach ($orders as $order) {
            foreach ($order->shipments as $shipment) {
                $ids += $shipment->pieces;
            }
        }

        return array_keys($ids);
    }
}
