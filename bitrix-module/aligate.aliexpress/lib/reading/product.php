<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** What a product event says of a product. */
final class Product
{
    /**
     * @param list<Section> $path from the topmost section to its own
     * @param string $url '' where the shop does not say its address
     * @param list<string> $images
     * @param list<PropertyValue> $properties
     * @param array<string, array<string, string>> $translations language => name, description_html
     * @param list<Offer> $offers
     */
    public function __construct(
        public readonly int $id,
        public readonly string $xmlId,
        public readonly bool $isActive,
        public readonly string $name,
        public readonly string $descriptionHtml,
        public readonly array $path,
        public readonly string $brand,
        public readonly string $url,
        public readonly array $images,
        public readonly array $properties,
        public readonly Package $package,
        public readonly array $translations,
        public readonly array $offers,
    ) {
    }
}
