<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Fixtures;

use Bitrix\Main\Application;

/**
 * A shop's rows written by SQL: quick, and just as any third party may write them, without an event. Names of columns are the kernel's.
 *
 * Infoblock 1 holds products, 2 their offers (linked by property 100); the article is property 101 of products and 102 of
 * offers. Price type 1 is the base.
 */
final class ShopRows
{
    public const PRODUCTS = 1;
    public const OFFERS = 2;
    public const LINK = 100;
    public const ARTICLE_OF_PRODUCT = 101;
    public const ARTICLE_OF_OFFER = 102;

    private int $nextId = 1000;

    /** @param bool $isSeparate whether properties lie in tables of their own ("version 2") */
    public function __construct(private readonly bool $isSeparate = false)
    {
        $version = $isSeparate ? 2 : 1;
        foreach ([self::PRODUCTS => 'goods', self::OFFERS => 'offers'] as $id => $code) {
            $this->insert('b_iblock', ['ID' => $id, 'IBLOCK_TYPE_ID' => 'catalog', 'CODE' => $code, 'NAME' => $code, 'ACTIVE' => 'Y',
                'VERSION' => $version, 'LID' => 's1', 'DETAIL_PAGE_URL' => '#SITE_DIR#/catalog/#SECTION_CODE_PATH#/#ELEMENT_CODE#/']);
            if ($isSeparate) {
                $this->sql("CREATE TABLE b_iblock_element_prop_s$id (IBLOCK_ELEMENT_ID int NOT NULL PRIMARY KEY)");
                $this->sql("CREATE TABLE b_iblock_element_prop_m$id (ID int NOT NULL AUTO_INCREMENT PRIMARY KEY,"
                    . ' IBLOCK_ELEMENT_ID int NOT NULL, IBLOCK_PROPERTY_ID int NOT NULL, VALUE text NOT NULL, VALUE_ENUM int,'
                    . ' VALUE_NUM numeric(18,4), DESCRIPTION varchar(255))');
            }
        }
        $this->insert('b_catalog_iblock', ['IBLOCK_ID' => self::PRODUCTS, 'PRODUCT_IBLOCK_ID' => 0, 'SKU_PROPERTY_ID' => 0]);
        $this->insert('b_catalog_iblock', ['IBLOCK_ID' => self::OFFERS, 'PRODUCT_IBLOCK_ID' => self::PRODUCTS, 'SKU_PROPERTY_ID' => self::LINK]);
        $this->property(self::LINK, self::OFFERS, 'CML2_LINK', 'E');
        $this->property(self::ARTICLE_OF_PRODUCT, self::PRODUCTS, 'CML2_ARTICLE');
        $this->property(self::ARTICLE_OF_OFFER, self::OFFERS, 'CML2_ARTICLE');
        if (Application::getConnection()->queryScalar("SELECT COUNT(*) FROM b_catalog_group WHERE BASE = 'Y'") === '0') {
            $this->insert('b_catalog_group', ['ID' => 1, 'NAME' => 'BASE', 'BASE' => 'Y']);
        }
        $this->sql("UPDATE b_lang SET SERVER_NAME = 'shop.example', DIR = '/', DEF = 'Y' WHERE LID = 's1'");
    }

    /** @param array<string, mixed> $more columns of `b_iblock_property` */
    public function property(int $id, int $iblockId, string $code, string $type = 'S', array $more = []): void
    {
        $this->insert('b_iblock_property', $more + ['ID' => $id, 'IBLOCK_ID' => $iblockId, 'CODE' => $code, 'NAME' => ucfirst(strtolower($code)),
            'PROPERTY_TYPE' => $type, 'ACTIVE' => 'Y', 'MULTIPLE' => 'N', 'SORT' => 500, 'VERSION' => $this->isSeparate ? 2 : 1]);
        if ($this->isSeparate && ($more['MULTIPLE'] ?? 'N') === 'N') {
            $column = $type === 'E' || $type === 'L' ? 'int' : 'text';
            $this->sql("ALTER TABLE b_iblock_element_prop_s$iblockId ADD PROPERTY_$id $column");
        }
    }

    /** @param array<string, mixed> $more columns of `b_iblock_element` */
    public function product(string $article, array $more = []): int
    {
        $id = $this->element(self::PRODUCTS, $more);
        $this->value($id, self::PRODUCTS, self::ARTICLE_OF_PRODUCT, $article);

        return $id;
    }

    /** @param array<string, mixed> $more columns of `b_iblock_element` */
    public function offer(int $productId, string $article, array $more = []): int
    {
        $id = $this->element(self::OFFERS, $more);
        $this->value($id, self::OFFERS, self::LINK, (string)$productId);
        $this->value($id, self::OFFERS, self::ARTICLE_OF_OFFER, $article);

        return $id;
    }

    /** @param array<string, mixed> $more */
    private function element(int $iblockId, array $more): int
    {
        $id = $this->nextId++;
        $this->insert('b_iblock_element', $more + ['ID' => $id, 'IBLOCK_ID' => $iblockId, 'NAME' => "Item $id", 'ACTIVE' => 'Y',
            'CODE' => "item-$id", 'XML_ID' => "x$id", 'WF_STATUS_ID' => 1, 'TIMESTAMP_X' => date('Y-m-d H:i:s'), 'IN_SECTIONS' => 'N']);

        return $id;
    }

    /** Sets a property's only value; '' takes it away. */
    public function value(int $elementId, int $iblockId, int $propertyId, string $value): void
    {
        $quoted = "'" . Application::getConnection()->getSqlHelper()->forSql($value) . "'";
        if ($this->isSeparate) {
            $set = $value === '' ? 'NULL' : $quoted;
            $this->sql("INSERT INTO b_iblock_element_prop_s$iblockId (IBLOCK_ELEMENT_ID, PROPERTY_$propertyId) VALUES ($elementId, $set)"
                . " ON DUPLICATE KEY UPDATE PROPERTY_$propertyId = $set");

            return;
        }
        $this->sql("DELETE FROM b_iblock_element_property WHERE IBLOCK_ELEMENT_ID = $elementId AND IBLOCK_PROPERTY_ID = $propertyId");
        if ($value !== '') {
            $this->addValue($elementId, $iblockId, $propertyId, $value);
        }
    }

    /** Adds a value of a multiple property. */
    public function addValue(int $elementId, int $iblockId, int $propertyId, string $value): void
    {
        $table = $this->isSeparate ? "b_iblock_element_prop_m$iblockId" : 'b_iblock_element_property';
        $this->insert($table, ['IBLOCK_ELEMENT_ID' => $elementId, 'IBLOCK_PROPERTY_ID' => $propertyId, 'VALUE' => $value,
            'VALUE_NUM' => is_numeric($value) ? $value : 0, 'VALUE_ENUM' => is_numeric($value) ? (int)$value : null]);
    }

    /** Stock in the product row and the base price; null: no price. */
    public function goods(int $id, float $quantity, ?string $price = '100.00', array $more = []): void
    {
        $this->sql("DELETE FROM b_catalog_product WHERE ID = $id");
        $this->insert('b_catalog_product', $more + ['ID' => $id, 'QUANTITY' => $quantity, 'QUANTITY_TRACE' => 'Y', 'QUANTITY_RESERVED' => 0,
            'TYPE' => 1, 'TIMESTAMP_X' => date('Y-m-d H:i:s')]);
        $this->price($id, $price);
    }

    public function price(int $id, ?string $price, string $currency = 'RUB', int $type = 1): void
    {
        $this->sql("DELETE FROM b_catalog_price WHERE PRODUCT_ID = $id AND CATALOG_GROUP_ID = $type");
        if ($price !== null) {
            $this->insert('b_catalog_price', ['PRODUCT_ID' => $id, 'CATALOG_GROUP_ID' => $type, 'PRICE' => $price, 'CURRENCY' => $currency,
                'TIMESTAMP_X' => date('Y-m-d H:i:s')]);
        }
    }

    public function quantity(int $id, float $quantity): void
    {
        $this->sql("UPDATE b_catalog_product SET QUANTITY = $quantity WHERE ID = $id");
    }

    /** @param array<string, mixed> $row */
    public function insert(string $table, array $row): void
    {
        $helper = Application::getConnection()->getSqlHelper();
        $quoted = array_map(
            static fn ($value): string => $value === null ? 'NULL' : "'" . $helper->forSql((string)$value) . "'",
            $row,
        );
        $this->sql("INSERT INTO $table (" . implode(', ', array_keys($row)) . ') VALUES (' . implode(', ', $quoted) . ')');
    }

    public function sql(string $sql): void
    {
        Application::getConnection()->queryExecute($sql);
    }
}
