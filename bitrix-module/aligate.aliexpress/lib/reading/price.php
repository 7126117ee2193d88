<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** A price as it is sent: decimal texts with a dot. */
final class Price
{
    /**
     * @param string|false|null $discounted the price with discounts; null: there is none; false: not looked at
     */
    public function __construct(
        public readonly string $price,
        public readonly string|false|null $discounted,
        public readonly string $currency,
    ) {
    }

    /** Money as the gateway takes it; null where it is not above zero. */
    public static function amount(float $value): ?string
    {
        $text = number_format(round($value, 2), 2, '.', '');

        return is_finite($value) && (float)$text > 0.0 ? $text : null;
    }
}
