<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

/** A line of an order of AliExpress. */
final class Line
{
    /**
     * @param string $id AliExpress's id of the line
     * @param string $price of one piece, a decimal text
     */
    public function __construct(
        public readonly string $id,
        public readonly string $sku,
        public readonly string $name,
        public readonly int $quantity,
        public readonly string $price,
        public readonly bool $isCancelled,
    ) {
    }
}
