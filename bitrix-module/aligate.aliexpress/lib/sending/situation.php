<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Reading\Goods;
use Aligate\Aliexpress\Reading\Order;
use Aligate\Aliexpress\Reading\Price;
use Aligate\Aliexpress\Reading\Product;

/** What the shop's database said at one moment about everything that is wanted. */
final class Situation
{
    /**
     * @param array<int, string> $skus what is sold => its SKU as the shop has it
     * @param list<SentRow> $memory what was sent of these elements, of these products and under these SKUs
     * @param array<int, int> $stocks what is sold => whole pieces
     * @param array<int, Price> $prices
     * @param array<int, Product> $products
     * @param array<int, Order> $orders
     */
    public function __construct(
        public readonly Goods $goods,
        public readonly array $skus,
        public readonly array $memory,
        public readonly array $stocks,
        public readonly array $prices,
        public readonly array $products,
        public readonly array $orders,
    ) {
    }
}
