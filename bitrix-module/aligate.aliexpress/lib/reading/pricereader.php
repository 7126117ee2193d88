<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

use Aligate\Aliexpress\Connection;

/** The price of one piece in the connection's price type. */
final class PriceReader
{
    /** @var array<string, float> from and to => factor */
    private array $factors = [];

    public function __construct(private readonly Rows $rows, private readonly Discounts $discounts)
    {
    }

    /**
     * @param list<int> $ids products without offers, and offers
     * @return array<int, Price> without those that have no price
     */
    public function read(Connection $connection, array $ids, string $siteId): array
    {
        if ($ids === []) {
            return [];
        }
        $type = $connection->priceTypeId > 0
            ? (string)$connection->priceTypeId
            : "(SELECT MIN(ID) FROM b_catalog_group WHERE BASE = 'Y')";
        $rows = $this->rows->all(
            'SELECT ID, PRODUCT_ID, PRICE, CURRENCY, CATALOG_GROUP_ID FROM b_catalog_price WHERE PRODUCT_ID IN ('
            . Rows::list($ids) . ") AND CATALOG_GROUP_ID = $type"
            . ' AND (QUANTITY_FROM IS NULL OR QUANTITY_FROM <= 1) AND (QUANTITY_TO IS NULL OR QUANTITY_TO >= 1)'
            . ' ORDER BY PRODUCT_ID, QUANTITY_FROM DESC, ID'
        );
        $prices = [];
        foreach ($rows as $row) {
            $id = (int)$row['PRODUCT_ID'];
            $prices[$id] ??= $this->price($connection, $row, $siteId);
        }

        return array_filter($prices);
    }

    /** @param array<string, string|null> $row */
    private function price(Connection $connection, array $row, string $siteId): ?Price
    {
        $from = (string)$row['CURRENCY'];
        $to = $connection->currency !== '' ? $connection->currency : $from;
        $factor = $this->factor($from, $to);
        $price = Price::amount((float)$row['PRICE'] * $factor);
        if ($price === null) {
            return null;
        }
        if (!$connection->useDiscounts) {
            return new Price($price, false, $to);
        }
        $cheaper = $this->discounts->discounted((int)$row['PRODUCT_ID'], $row, $siteId);
        $discounted = $cheaper === null ? null : Price::amount($cheaper * $factor);

        return new Price($price, $discounted !== null && (float)$discounted < (float)$price ? $discounted : null, $to);
    }

    private function factor(string $from, string $to): float
    {
        if ($from === $to) {
            return 1.0;
        }

        return $this->factors["$from $to"] ??= (float)\CCurrencyRates::GetConvertFactorEx($from, $to);
    }
}
