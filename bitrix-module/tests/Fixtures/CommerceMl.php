<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Fixtures;

use Bitrix\Catalog\Model\Price;
use Bitrix\Catalog\Model\Product;
use Bitrix\Catalog\Product\Sku;
use Bitrix\Main\Application;

/**
 * An exchange with 1C in both sets of files: `import` and `offers` with prices and stock in it (classic), or `import`, `offers`,
 * `prices` and `rests`. Writes the files, and reads them as the kernel's loader does: the same calls for each node, in the
 * same order. Words of the format, which are Russian, are in `commerceml.json`.
 */
final class CommerceMl
{
    public const CLASSIC = ['import0_1.xml', 'offers0_1.xml'];
    public const SEPARATE = ['import0_1.xml', 'offers0_1.xml', 'prices0_1.xml', 'rests0_1.xml'];

    /** @var array<string, string> */
    private readonly array $words;

    /** @var array<string, int> external code => element */
    private array $elements = [];

    /** @var array<int, int> product => its base price */
    private array $prices = [];

    public function __construct(private readonly string $folder)
    {
        $this->words = json_decode((string)file_get_contents(__DIR__ . '/commerceml.json'), true, 4, JSON_THROW_ON_ERROR);
    }

    /**
     * @param list<string> $files CLASSIC or SEPARATE
     * @param list<string> $products external codes
     * @param array<string, array{price: string, pieces: int}> $offers external code => what 1C says of it
     */
    public function write(array $files, array $products, array $offers): void
    {
        $isSeparate = count($files) > 2;
        foreach ($files as $file) {
            $kind = substr($file, 0, (int)strpos($file, '0'));
            $nodes = [];
            if ($kind === 'import') {
                foreach ($products as $code) {
                    $nodes[] = $this->tag('product', $this->tag('id', $code) . $this->tag('name', "Item $code"));
                }
                $body = $this->tag('catalogue', $this->tag('products', implode("\n", $nodes)));
            } else {
                foreach ($offers as $code => ['price' => $price, 'pieces' => $pieces]) {
                    $nodes[] = $this->tag('offer', $this->tag('id', $code) . $this->ofOffer($isSeparate ? $kind : 'all', $price, $pieces));
                }
                $body = $this->tag('package', $this->tag('offers', implode("\n", $nodes)));
            }
            file_put_contents("{$this->folder}/$file", '<?xml version="1.0" encoding="UTF-8"?>' . $this->tag('root', $body));
        }
    }

    /** How many nodes a file has. */
    public function nodes(string $file): int
    {
        return iterator_count($this->read($file));
    }

    /** The step of a hit: nodes of a file from one on, as many as its time allows. */
    public function load(string $file, int $from, int $count): void
    {
        $this->elements = $this->pairs('SELECT XML_ID AS A, ID AS B FROM b_iblock_element');
        $this->prices = $this->pairs('SELECT PRODUCT_ID AS A, ID AS B FROM b_catalog_price WHERE CATALOG_GROUP_ID = 1');
        Sku::enableDeferredCalculation();
        foreach ($this->read($file) as $at => $node) {
            if ($at >= $from && $at < $from + $count) {
                $this->element($node);
            }
        }
        Sku::disableDeferredCalculation();
        Sku::calculate();
    }

    private function element(\SimpleXMLElement $node): void
    {
        $w = $this->words;
        $id = $this->elements[(string)$node->{$w['id']}];
        $name = (string)$node->{$w['name']};
        $fields = ['TMP_ID' => md5((string)$node->asXML())] + ($name === '' ? [] : ['NAME' => $name]);
        (new \CIBlockElement())->Update($id, $fields) ?: throw new \LogicException("element $id");
        $stores = [];
        foreach ($node->{$w['warehouse']} as $store) {
            $stores[(string)$store[$w['warehouseId']]] = (float)$store[$w['warehouseQuantity']];
        }
        foreach ($node->{$w['rests']}->{$w['rest']} ?? [] as $rest) {
            $stores[(string)$rest->{$w['warehouse']}->{$w['id']}] = (float)$rest->{$w['warehouse']}->{$w['quantity']};
        }
        foreach ($stores as $store => $amount) {
            \CCatalogStoreProduct::UpdateFromForm(['PRODUCT_ID' => $id, 'STORE_ID' => (int)$store, 'AMOUNT' => $amount]);
        }
        if ($stores !== []) {
            Product::update((string)$id, ['fields' => ['QUANTITY' => array_sum($stores)]]);
        }
        foreach ($node->{$w['prices']}->{$w['price']} ?? [] as $price) {
            $fields = ['PRICE' => (float)$price->{$w['perPiece']}, 'CURRENCY' => 'RUB'];
            isset($this->prices[$id])
                ? Price::update($this->prices[$id], ['fields' => $fields])
                : Price::add(['fields' => $fields + ['PRODUCT_ID' => $id, 'CATALOG_GROUP_ID' => 1]]);
        }
    }

    private function ofOffer(string $kind, string $price, int $pieces): string
    {
        $amount = $this->tag('priceType', 'base') . $this->tag('perPiece', $price) . $this->tag('currency', 'RUB');
        $prices = $this->tag('prices', $this->tag('price', $amount));
        $w = $this->words;

        return match ($kind) {
            'all' => $prices . $this->tag('quantity', (string)$pieces)
                . "<{$w['warehouse']} {$w['warehouseId']}=\"1\" {$w['warehouseQuantity']}=\"$pieces\"/>",
            'prices' => $prices,
            'rests' => $this->tag('rests', $this->tag('rest', $this->tag(
                'warehouse',
                $this->tag('id', '1') . $this->tag('quantity', (string)$pieces),
            ))),
            default => $this->tag('name', 'Offer'),
        };
    }

    /** @return \Generator<int, \SimpleXMLElement> products or offers of a file, one by one */
    private function read(string $file): \Generator
    {
        $reader = new \XMLReader();
        $reader->open("{$this->folder}/$file");
        $names = [$this->words['product'], $this->words['offer']];
        $at = 0;
        while ($reader->read()) {
            if ($reader->nodeType === \XMLReader::ELEMENT && in_array($reader->name, $names, true)) {
                yield $at++ => new \SimpleXMLElement($reader->readOuterXml());
            }
        }
        $reader->close();
    }

    /** @return array<array-key, int> */
    private function pairs(string $sql): array
    {
        $pairs = [];
        $rows = Application::getConnection()->query($sql);
        while ($row = $rows->fetch()) {
            $pairs[$row['A']] = (int)$row['B'];
        }

        return $pairs;
    }

    private function tag(string $word, string $content): string
    {
        return "<{$this->words[$word]}>$content</{$this->words[$word]}>";
    }
}
