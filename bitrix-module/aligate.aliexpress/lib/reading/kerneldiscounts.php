<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/**
 * The kernel's own calculation: rules of the catalog and of the cart, rounding included, for a buyer who is not
 * known.
 */
final class KernelDiscounts implements Discounts
{
    /** The group that every visitor is in. */
    private const EVERYBODY = 2;

    public function discounted(int $productId, array $price, string $siteId): ?float
    {
        $found = \CCatalogProduct::GetOptimalPrice($productId, 1, [self::EVERYBODY], 'N', [$price], $siteId, []);
        $result = is_array($found) ? ($found['RESULT_PRICE'] ?? null) : null;
        if (!is_array($result) || (string)($result['CURRENCY'] ?? '') !== (string)$price['CURRENCY']) {
            return null;
        }
        $discounted = (float)($result['DISCOUNT_PRICE'] ?? 0);

        return $discounted > 0.0 && $discounted < (float)$price['PRICE'] ? $discounted : null;
    }
}
