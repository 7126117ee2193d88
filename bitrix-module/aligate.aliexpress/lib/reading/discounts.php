<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** What the shop's discounts make of a price. */
interface Discounts
{
    /**
     * @param array<string, string|null> $price a row of `b_catalog_price`
     * @return float|null the price with discounts for any buyer, in the currency of the row; null where none applies
     */
    public function discounted(int $productId, array $price, string $siteId): ?float;
}
