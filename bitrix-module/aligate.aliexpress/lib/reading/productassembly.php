<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

use Aligate\Aliexpress\Connection;

/** Puts what was read of products together. No queries. */
final class ProductAssembly
{
    public const IMAGES_MAX = 50;
    public const PROPERTIES_MAX = 300;

    /** The property that 1C gives barcodes to, where the catalog has none. */
    private const BARCODE_PROPERTY = 'CML2_BAR_CODE';

    /** @var array<string, string> code of a property => translation */
    private readonly array $translated;

    /**
     * @param array<int, list<PropertyValue>> $values element => what it has
     * @param array<int, list<int>> $pictureIds element => its pictures
     * @param array<int, string> $pictures picture => its address
     * @param array<int, Package> $packages
     * @param array<int, string> $barcodes
     */
    public function __construct(
        private readonly Connection $connection,
        private readonly Goods $goods,
        private readonly DetailUrls $urls,
        private readonly array $values,
        private readonly array $pictureIds,
        private readonly array $pictures,
        private readonly array $packages,
        private readonly array $barcodes,
    ) {
        $this->translated = array_flip($connection->translations);
    }

    public function product(int $id): Product
    {
        $element = $this->goods->elements[$id];
        $path = $this->goods->path($this->section($element));

        return new Product(
            $id,
            $element->xmlId,
            $this->goods->isActive($id),
            $element->name,
            $element->descriptionHtml,
            $path,
            $this->textOf($id, $this->connection->brandProperty),
            $this->urls->of($element, $path),
            $this->images($id),
            $this->properties($id),
            $this->package($id),
            $this->translations($id),
            array_map(fn (int $offerId): Offer => $this->offer($id, $offerId), $this->goods->sellableOf($id)),
        );
    }

    private function offer(int $productId, int $id): Offer
    {
        $isOwn = $id !== $productId;
        $barcode = $this->barcodes[$id] ?? '';
        if ($barcode === '') {
            $barcode = $this->textOf($id, self::BARCODE_PROPERTY);
        }

        return new Offer($id, $barcode, $isOwn ? $this->properties($id) : [], $isOwn ? $this->images($id) : []);
    }

    /** Its main section, else the first that it is in. */
    private function section(Element $element): int
    {
        $sections = $this->goods->sectionsOf[$element->id] ?? [];

        return in_array($element->sectionId, $sections, true) || $sections === [] ? $element->sectionId : $sections[0];
    }

    /** @return list<PropertyValue> those that are sent */
    private function properties(int $id): array
    {
        $codes = $this->connection->productProperties;
        $isSent = fn (PropertyValue $one): bool => !isset($this->translated[$one->property->code])
            && ($codes === [] || array_filter($codes, $one->property->isNamed(...)) !== []);

        return array_slice(array_values(array_filter($this->values[$id] ?? [], $isSent)), 0, self::PROPERTIES_MAX);
    }

    /** The text of a property by its code; '' where it has none. */
    private function textOf(int $id, string $code): string
    {
        foreach ($this->values[$id] ?? [] as $value) {
            if ($value->property->isNamed($code)) {
                return $value->text();
            }
        }

        return '';
    }

    /** @return list<string> */
    private function images(int $id): array
    {
        $urls = array_intersect_key($this->pictures, array_flip($this->pictureIds[$id] ?? []));
        $inOrder = array_map(static fn (int $picture): string => $urls[$picture] ?? '', $this->pictureIds[$id] ?? []);

        return array_slice(array_values(array_unique(array_filter($inOrder))), 0, self::IMAGES_MAX);
    }

    /** The product's own sizes, and where it has none, the greatest of its offers'. */
    private function package(int $id): Package
    {
        $package = new Package(0.0, 0.0, 0.0, 0.0);
        foreach ($this->goods->sellableOf($id) as $offerId) {
            $package = $package->orGreater($this->packages[$offerId] ?? $package);
        }

        return ($this->packages[$id] ?? $package)->orOf($package);
    }

    /** @return array<string, array<string, string>> */
    private function translations(int $id): array
    {
        $translations = [];
        foreach ($this->connection->translations as $what => $code) {
            [$language, $field] = explode('.', $what . '.', 3);
            $text = $this->textOf($id, $code);
            $name = ['name' => 'name', 'description' => 'description_html'][$field] ?? null;
            if ($name !== null && $text !== '' && preg_match('/\A[a-z]{2}\z/', $language) === 1) {
                $translations[$language][$name] = $text;
            }
        }

        return $translations;
    }
}
