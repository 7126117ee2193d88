<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\SkuSource;

/** Under which SKU offers and products without offers are sold. */
final class SkuFinder
{
    public const CHARACTERS_MAX = 50;

    public function __construct(private readonly PropertyReader $properties)
    {
    }

    /**
     * @param list<int> $ids
     * @return array<int, string> as they are in the shop, '' where there is none; {@see fault} says whether they will
     *     do
     */
    public function find(Connection $connection, Goods $goods, array $ids): array
    {
        if ($ids === []) {
            return [];
        }
        if ($connection->skuSource === SkuSource::Property) {
            return $this->byProperty($connection->skuProperty, $goods, $ids);
        }
        $skus = [];
        foreach ($ids as $id) {
            $element = $goods->elements[$id];
            $skus[$id] = match ($connection->skuSource) {
                SkuSource::XmlId => trim($element->xmlId),
                SkuSource::Code => trim($element->code),
                default => (string)$id,
            };
        }

        return $skus;
    }

    /** Why a text cannot be a SKU; null where it can. */
    public static function fault(string $sku): ?string
    {
        if ($sku === '') {
            return 'sku_missing';
        }
        if (!mb_check_encoding($sku, 'UTF-8') || preg_match('/[\x00-\x1F\x7F]|\xC2[\x80-\x9F]/', $sku) === 1) {
            return 'sku_control_characters';
        }

        return mb_strlen($sku, 'UTF-8') > self::CHARACTERS_MAX ? 'sku_too_long' : null;
    }

    /**
     * The offer's property, else the product's.
     *
     * @param list<int> $ids
     * @return array<int, string>
     */
    private function byProperty(string $code, Goods $goods, array $ids): array
    {
        $asked = [];
        foreach ($ids as $id) {
            $asked[$id] = $id;
            $asked[(int)$goods->productId($id)] = (int)$goods->productId($id);
        }
        $iblockIds = array_map(static fn (int $id): int => $goods->elements[$id]->iblockId, $asked);
        $properties = array_filter(
            $this->properties->definitions(array_values(array_unique($iblockIds))),
            static fn (Property $one): bool => $one->isNamed($code),
        );
        $texts = $properties === [] ? [] : $this->texts($properties, array_values($asked));
        $skus = [];
        foreach ($ids as $id) {
            $skus[$id] = $texts[$id] ?? $texts[(int)$goods->productId($id)] ?? '';
        }

        return $skus;
    }

    /**
     * Plain texts just as they are stored, so that a fault in them is seen and not mended.
     *
     * @param non-empty-array<int, Property> $properties
     * @param list<int> $ids
     * @return array<int, string>
     */
    private function texts(array $properties, array $ids): array
    {
        $plain = array_filter($properties, static fn (Property $one): bool => $one->isPlain());
        $texts = [];
        foreach ($plain === [] ? [] : $this->properties->raw($plain, $ids) as $id => $values) {
            $texts[$id] = trim(reset($values)[0]);
        }
        $chosen = array_diff_key($properties, $plain);
        foreach ($chosen === [] ? [] : $this->properties->values($chosen, $ids) as $id => $values) {
            $texts[$id] ??= trim($values[0]->text());
        }

        return array_filter($texts, static fn (string $text): bool => $text !== '');
    }
}
