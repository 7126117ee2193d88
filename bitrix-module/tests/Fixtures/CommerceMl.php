<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Fixtures;

use Aligate\Aliexpress\Tests\FakeKernel\CommerceMlFile;

/**
 * Files of an exchange with 1C, in both sets: `import` and `offers` with prices and stock in it (classic), or `import`, `offers`,
 * `prices` and `rests`. Words of the format, which are Russian, are in `commerceml.json`.
 */
final class CommerceMl
{
    public const CATALOGUE = 'cat-1';
    public const PRICE_TYPE = 'BASE';

    /** @var array<string, string> */
    private readonly array $words;

    public function __construct(private readonly string $folder)
    {
        is_dir($folder) || mkdir($folder, 0755, true);
        $this->words = CommerceMlFile::words();
    }

    /**
     * A catalogue.
     *
     * @param list<array{id: string, name: string, article?: string, description?: string, group?: string, weight?: string, unit?: string, values?: array<string, string>}> $products
     * @param array{groups?: array<string, string>, properties?: array<string, string>} $classifier code => name
     */
    public function products(string $file, array $products, array $classifier = [], bool $isFull = true): void
    {
        $head = $this->tag('classifier', $this->tag('id', 'classifier') . $this->tag('name', 'Classifier')
            . $this->named('groups', 'group', $classifier['groups'] ?? []) . $this->named('properties', 'property', $classifier['properties'] ?? []));
        $nodes = array_map($this->product(...), $products);
        $body = $this->tag('id', self::CATALOGUE) . $this->tag('name', 'Catalogue') . $this->tag('products', implode("\n", $nodes));
        $this->put($file, $head . $this->tag('catalogue', $body, ['onlyChanges' => $isFull ? 'false' : 'true']));
    }

    private function product(array $product): string
    {
        $content = $this->tag('id', $product['id']) . $this->optional('article', $product) . $this->tag('name', $product['name']) . $this->optional('description', $product)
            . $this->unit($product);
        if (isset($product['group'])) {
            $content .= $this->tag('groups', $this->tag('id', $product['group']));
        }
        $values = '';
        foreach ($product['values'] ?? [] as $property => $value) {
            $values .= $this->tag('propertyValue', $this->tag('id', $property) . $this->tag('value', $value));
        }
        $content .= $values === '' ? '' : $this->tag('propertyValues', $values);
        if (isset($product['weight'])) {
            $content .= $this->tag('traits', $this->tag('trait', $this->tag('name', $this->words['weight']) . $this->tag('value', $product['weight'])));
        }

        return $this->tag('product', $content);
    }

    /**
     * A package of offers; of simple products too, by their own codes.
     *
     * @param list<array{id: string, name?: string, article?: string, unit?: string, size?: string, price?: string, pieces?: int, stores?: array<string, int>}> $offers
     * @param array<string, string> $stores warehouses at the head, code => name
     */
    public function offers(string $file, array $offers, array $stores = [], bool $isFull = true): void
    {
        $body = $this->tag('id', self::CATALOGUE . '#') . $this->tag('name', 'Offers') . $this->tag('catalogueId', self::CATALOGUE)
            . $this->tag('priceTypes', $this->tag('type', $this->tag('id', self::PRICE_TYPE) . $this->tag('name', 'base')))
            . $this->named('warehouses', 'warehouse', $stores) . $this->tag('offers', implode("\n", array_map($this->offer(...), $offers)));
        $this->put($file, $this->tag('package', $body, ['onlyChanges' => $isFull ? 'false' : 'true']));
    }

    private function offer(array $offer): string
    {
        $content = $this->tag('id', $offer['id']) . $this->optional('article', $offer) . $this->optional('name', $offer) . $this->unit($offer);
        if (isset($offer['size'])) {
            $content .= $this->tag('characteristics', $this->tag('characteristic', $this->tag('name', 'Size') . $this->tag('value', $offer['size'])));
        }
        if (isset($offer['price'])) {
            $content .= $this->tag('prices', $this->tag('price', $this->tag('priceType', self::PRICE_TYPE) . $this->tag('perPiece', $offer['price']) . $this->tag('currency', 'RUB')));
        }
        if (isset($offer['pieces'])) {
            $content .= $this->tag('quantity', (string)$offer['pieces']);
        }
        foreach ($offer['stores'] ?? [] as $store => $pieces) {
            $content .= $this->tag('warehouse', '', ['warehouseId' => (string)$store, 'warehouseQuantity' => (string)$pieces]);
        }
        $rests = '';
        foreach ($offer['rests'] ?? [] as $store => $pieces) {
            $rests .= $this->tag('rest', $this->tag('warehouse', $this->tag('id', (string)$store) . $this->tag('quantity', (string)$pieces)));
        }

        return $this->tag('offer', $content . ($rests === '' ? '' : $this->tag('rests', $rests)));
    }

    private function unit(array $node): string
    {
        return isset($node['unit']) ? $this->tag('unit', 'pc', ['unitCode' => $node['unit']]) : '';
    }

    private function optional(string $word, array $node): string
    {
        return isset($node[$word]) ? $this->tag($word, $node[$word]) : '';
    }

    /** @param array<string, string> $names */
    private function named(string $all, string $one, array $names): string
    {
        $nodes = '';
        foreach ($names as $code => $name) {
            $nodes .= $this->tag($one, $this->tag('id', (string)$code) . $this->tag('name', $name));
        }

        return $nodes === '' ? '' : $this->tag($all, $nodes);
    }

    private function put(string $file, string $body): void
    {
        file_put_contents("{$this->folder}/$file", '<?xml version="1.0" encoding="UTF-8"?>' . $this->tag('root', $body));
    }

    /** @param array<string, string> $attributes */
    private function tag(string $word, string $content, array $attributes = []): string
    {
        $name = $this->words[$word];
        $more = '';
        foreach ($attributes as $attribute => $value) {
            $more .= " {$this->words[$attribute]}=\"" . htmlspecialchars($value) . '"';
        }
        $inside = str_contains($content, '<') ? $content : htmlspecialchars($content);

        return "<$name$more>$inside</$name>";
    }
}
