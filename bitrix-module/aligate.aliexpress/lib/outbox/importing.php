<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

/**
 * That this process is writing an order of AliExpress into the shop.
 *
 * What such a write does to the order is not reported back; what its reservations do to the stock is. Orders are known
 * by their rows in the order table; this object stands in for the row until that is written.
 */
final class Importing
{
    private int $depth = 0;

    /**
     * Runs the write of an order with the mark set, and takes it off however the write ends.
     *
     * @template T
     * @param callable(): T $write
     * @return T
     */
    public function during(callable $write): mixed
    {
        $this->depth++;
        try {
            return $write();
        } finally {
            $this->depth--;
        }
    }

    public function isRunning(): bool
    {
        return $this->depth > 0;
    }
}
