<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Outbox\IblockFamily;
use Aligate\Aliexpress\Reading\Property;
use Aligate\Aliexpress\Reading\PropertyDefinitions;
use Aligate\Aliexpress\Reading\Rows;

/** Properties of products, and those of offers, that may be sent. */
final class ShopProperties
{
    private const PAGE = 50;

    public function __construct(
        private readonly Rows $rows,
        private readonly IblockFamily $family,
        private readonly Connection $connection,
    ) {
    }

    /** @return array<string, ShopProperty> by code */
    public function all(bool $isOfOffers): array
    {
        $products = $this->connection->iblockIds;
        $iblocks = $isOfOffers ? array_diff(array_keys($this->family->of($products)), $products) : $products;
        $byCode = [];
        foreach ((new PropertyDefinitions($this->rows))->of(array_values($iblocks)) as $one) {
            // Pictures go by themselves, and the link of an offer to its product says nothing of it.
            if ($one->type !== 'F' && $one->userType !== 'SKU') {
                $byCode[$one->code][] = $one;
            }
        }

        $properties = [];
        foreach ($byCode as $code => $definitions) {
            $properties[(string)$code] = new ShopProperty((string)$code, $definitions);
        }

        return $properties;
    }

    public function byCode(string $code, bool $isOfOffers): ?ShopProperty
    {
        return $this->all($isOfOffers)[$code] ?? null;
    }

    /** The property that the settings say holds the brand. */
    public function brand(): ?ShopProperty
    {
        foreach ($this->all(false) as $property) {
            foreach ($property->definitions as $one) {
                if ($one->isNamed($this->connection->brandProperty)) {
                    return $property;
                }
            }
        }

        return null;
    }

    /**
     * The first properties whose name or code holds a text.
     *
     * @return array{items: list<array{code: string, name: string, sent: bool}>, more: bool}
     */
    public function search(string $text, bool $isOfOffers): array
    {
        $items = [];
        foreach ($this->all($isOfOffers) as $property) {
            if (!Names::holds("{$property->name()}\n$property->code", $text)) {
                continue;
            }
            if (count($items) >= self::PAGE) {
                return ['items' => $items, 'more' => true];
            }
            $items[] = ['code' => $property->code, 'name' => $property->name(), 'sent' => $this->isSent($property)];
        }

        return ['items' => $items, 'more' => false];
    }

    /** Whether the settings let a property leave at all. */
    public function isSent(ShopProperty $property): bool
    {
        $codes = $this->connection->productProperties;
        $isNamed = static fn (Property $one): bool => array_filter($codes, $one->isNamed(...)) !== [];

        return $codes === [] || array_filter($property->definitions, $isNamed) !== [];
    }
}
