<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Catalog\MeasureRatioTable;
use Bitrix\Catalog\Model;
use Bitrix\Main\Application;

/** The importer's part of the catalogue: product row, prices, stock of warehouses. Ids come as the importer has them: of what exists as strings. */
final class CommerceMlGoods
{
    private const GRAMS = 1000;

    /** @var array<string, string>|null price types by external code */
    private ?array $priceTypes = null;
    /** @var array<string, string>|null warehouses by external code */
    private ?array $stores = null;
    /** @var array<string, int>|null codes of properties */
    private ?array $properties = null;
    /** @var array<string, true> currencies that this request has asked for */
    private array $currencies = [];

    public function product(int|string $id, int $iblock, \SimpleXMLElement $node, ?string $parent): void
    {
        $w = CommerceMlFile::words();
        $quantity = $this->quantity($node);
        $weight = self::weightOf($node) ?? ($this->isKnown('CML2_TRAITS') ? $this->storedWeight((int)$id, (int)$parent) : null);
        $measure = $this->measure($node, (int)$id);
        $fields = ['ID' => $id] + ($quantity === null ? [] : ['QUANTITY' => $quantity]) + ($weight === null ? [] : ['WEIGHT' => $weight])
            + ($measure === null ? [] : ['MEASURE' => $measure]) + (isset($node->{$w['prices']}) ? ['VAT_INCLUDED' => 'Y'] : []);
        $data = ['fields' => $fields, 'external_fields' => ['IBLOCK_ID' => $iblock]];
        $known = Application::getConnection()->query('SELECT P.ID, R.ID AS RATIO FROM b_catalog_product P LEFT JOIN b_catalog_measure_ratio R'
            . " ON R.PRODUCT_ID = P.ID AND R.IS_DEFAULT = 'Y' WHERE P.ID = $id")->fetchRaw();
        if ($known !== false) {
            count($fields) > 1 && Model\Product::update((string)$id, $data);
        } else {
            Model\Product::add($data);
        }
        ($known['RATIO'] ?? null) === null && MeasureRatioTable::add(['PRODUCT_ID' => $id, 'RATIO' => 1, 'IS_DEFAULT' => 'Y']);
    }

    /** The quantity that is told, else the sum of the warehouses; null where nothing is told. */
    public function quantity(\SimpleXMLElement $node): ?float
    {
        $told = $node->{CommerceMlFile::words()['quantity']};
        if (isset($told[0])) {
            return (float)$told[0];
        }
        $stores = $this->amounts($node);

        return $stores === [] ? null : (float)array_sum($stores);
    }

    /** @return array<string, float> warehouse => pieces */
    private function amounts(\SimpleXMLElement $node): array
    {
        $w = CommerceMlFile::words();
        $this->stores ??= array_column(Application::getConnection()->query("SELECT XML_ID, ID FROM b_catalog_store WHERE XML_ID <> ''")->fetchAll(), 'ID', 'XML_ID');
        $amounts = [];
        foreach ($node->{$w['warehouse']} as $store) {
            $amounts[$this->stores[(string)$store[$w['warehouseId']]] ?? ''] = (float)$store[$w['warehouseQuantity']];
        }
        foreach ($node->{$w['rests']}->{$w['rest']} ?? [] as $rest) {
            $amounts[$this->stores[(string)$rest->{$w['warehouse']}->{$w['id']}] ?? ''] = (float)$rest->{$w['warehouse']}->{$w['quantity']};
        }
        unset($amounts['']);

        return $amounts;
    }

    public function stores(int|string $id, \SimpleXMLElement $node): void
    {
        foreach ($this->amounts($node) as $store => $amount) {
            \CCatalogStoreProduct::UpdateFromForm(['PRODUCT_ID' => $id, 'STORE_ID' => (string)$store, 'AMOUNT' => $amount]);
        }
    }

    /** @return list<array{CATALOG_GROUP_ID: int, CURRENCY: string, PRICE: float}> */
    public function priceList(\SimpleXMLElement $node): array
    {
        $w = CommerceMlFile::words();
        $this->priceTypes ??= array_column(Application::getConnection()->query('SELECT XML_ID, ID FROM b_catalog_group')->fetchAll(), 'ID', 'XML_ID');
        $prices = [];
        foreach ($node->{$w['prices']}->{$w['price']} ?? [] as $price) {
            $type = $this->priceTypes[(string)$price->{$w['priceType']}] ?? null;
            $type === null || $prices[] = ['CATALOG_GROUP_ID' => (int)$type, 'CURRENCY' => (string)$price->{$w['currency']}, 'PRICE' => (float)$price->{$w['perPiece']}];
        }

        return $prices;
    }

    /** Every price that the node names is written, changed or not; those that it does not name go. */
    public function prices(int|string $id, \SimpleXMLElement $node): void
    {
        if (!isset($node->{CommerceMlFile::words()['prices']})) {
            return;
        }
        $rows = Application::getConnection()->query("SELECT CATALOG_GROUP_ID, ID FROM b_catalog_price WHERE PRODUCT_ID = $id")->fetchAll();
        $rows = array_column($rows, 'ID', 'CATALOG_GROUP_ID');
        foreach ($this->priceList($node) as ['CATALOG_GROUP_ID' => $type, 'CURRENCY' => $currency, 'PRICE' => $price]) {
            $this->currency($currency);
            $fields = ['PRODUCT_ID' => $id, 'CATALOG_GROUP_ID' => $type, 'CURRENCY' => $currency, 'QUANTITY_FROM' => null, 'QUANTITY_TO' => null, 'PRICE' => $price];
            isset($rows[$type]) ? Model\Price::update($rows[$type], ['fields' => $fields]) : Model\Price::add(['fields' => $fields]);
            unset($rows[$type]);
        }
        foreach ($rows as $row) {
            Model\Price::delete($row);
        }
    }

    /** The currency is added once in a request; the kernel refuses one that exists, after its event. */
    private function currency(string $name): void
    {
        isset($this->currencies[$name]) || \CCurrency::Add(['CURRENCY' => $name]);
        $this->currencies[$name] = true;
    }

    /** In grams. */
    public static function weightOf(\SimpleXMLElement $node): ?float
    {
        $w = CommerceMlFile::words();
        foreach ($node->{$w['traits']}->{$w['trait']} ?? [] as $trait) {
            if ((string)$trait->{$w['name']} === $w['weight']) {
                return (float)$trait->{$w['value']} * self::GRAMS;
            }
        }

        return null;
    }

    /** Whether any infoblock has the property. */
    private function isKnown(string $property): bool
    {
        $this->properties ??= array_flip(array_column(Application::getConnection()->query('SELECT DISTINCT CODE FROM b_iblock_property')->fetchAll(), 'CODE'));

        return isset($this->properties[$property]);
    }

    /** An offer weighs what its product was said to. */
    private function storedWeight(int $id, int $parent): ?float
    {
        $kilograms = Application::getConnection()->queryScalar('SELECT V.VALUE FROM b_iblock_element_property V INNER JOIN b_iblock_property P ON P.ID = V.IBLOCK_PROPERTY_ID'
            . " AND P.CODE = 'CML2_TRAITS' WHERE V.IBLOCK_ELEMENT_ID IN ($id, $parent) AND V.DESCRIPTION = '" . CommerceMlFile::words()['weight'] . "' LIMIT 1");

        return $kilograms === null ? null : (float)$kilograms * self::GRAMS;
    }

    /** The unit that is told, else the one that is stored. */
    public function measure(\SimpleXMLElement $node, int $id = 0): ?int
    {
        $w = CommerceMlFile::words();
        if (!isset($node->{$w['unit']}) && !$this->isKnown('CML2_BASE_UNIT')) {
            return null;
        }
        $code = isset($node->{$w['unit']}) ? (string)$node->{$w['unit']}[$w['unitCode']] : Application::getConnection()->queryScalar(
            'SELECT V.VALUE FROM b_iblock_element_property V INNER JOIN b_iblock_property P ON P.ID = V.IBLOCK_PROPERTY_ID'
            . " AND P.CODE = 'CML2_BASE_UNIT' WHERE V.IBLOCK_ELEMENT_ID = $id LIMIT 1"
        );
        $measure = $code === null ? null : Application::getConnection()->queryScalar('SELECT ID FROM b_catalog_measure WHERE CODE = ' . (int)$code);

        return $measure === null ? null : (int)$measure;
    }
}
