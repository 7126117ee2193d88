<?php

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Aligate\Aliexpress\Tests\FakeKernel\OldList;
use Bitrix\Catalog\GroupTable;
use Bitrix\Catalog\Model;
use Bitrix\Main\Application;

/** Documents of the warehouses: A arrival, S adjustment, M moving, D deduction. */
class CCatalogDocs
{
    private const TYPE_ARRIVAL = 'A';
    private const TYPE_STORE_ADJUSTMENT = 'S';
    private const TYPE_MOVING = 'M';
    private const TYPE_DEDUCT = 'D';

    public static function add($arFields)
    {
        if (!OldEvent::allows('catalog', 'OnBeforeDocumentAdd', [&$arFields])) {
            return false;
        }
        $number = (int)\Bitrix\Main\Config\Option::get('catalog', "store_document_numbers_{$arFields['DOC_TYPE']}", 0) + 1;
        \Bitrix\Main\Config\Option::set('catalog', "store_document_numbers_{$arFields['DOC_TYPE']}", $number);
        $id = (int)Application::getConnection()->add('b_catalog_store_docs', array_diff_key($arFields, ['ELEMENT' => 1]) + ['STATUS' => 'N']);
        foreach ($arFields['ELEMENT'] ?? [] as $line) {
            CCatalogStoreDocsElement::add($line + ['DOC_ID' => $id]);
        }
        $arFields += ['~DATE_MODIFY' => 'now()', '~DATE_CREATE' => 'now()', 'WAS_CANCELLED' => 'N', '~DATE_STATUS' => 'now()'];
        OldEvent::tell('catalog', 'OnDocumentAdd', [$id, $arFields]);
        return $id;
    }

    public static function getList($arOrder = array(), $arFilter = array(), $arGroupBy = false, $arNavStartParams = false, $arSelectFields = array())
    {
        return (new OldList('b_catalog_store_docs'))->run($arOrder, $arFilter, $arGroupBy, $arNavStartParams, $arSelectFields);
    }

    public static function update($id, $arFields)
    {
        $id = (int)$id;
        if (!OldEvent::allows('catalog', 'OnBeforeDocumentUpdate', [$id, &$arFields])) {
            return false;
        }
        $old = array_intersect_key(self::getList([], ['=ID' => $id])->Fetch() ?: [], $arFields);
        $arFields += ['~DATE_MODIFY' => 'now()', '~DATE_STATUS' => 'now()'];
        [$set] = Application::getConnection()->getSqlHelper()->prepareUpdate('b_catalog_store_docs', $arFields);
        Application::getConnection()->queryExecute("UPDATE b_catalog_store_docs SET $set, DATE_MODIFY = now() WHERE ID = $id");
        OldEvent::tell('catalog', 'OnDocumentUpdate', [$id, $arFields, $old]);
        return true;
    }

    public static function conductDocument($documentId, $userId = 0)
    {
        global $APPLICATION;
        $document = self::getList([], ['=ID' => (int)$documentId])->Fetch();
        $lines = CCatalogStoreDocsElement::getList(['ID' => 'ASC'], ['=DOC_ID' => (int)$documentId])->arResult;
        foreach ($lines as $line) {
            if ((int)$line['STORE_FROM'] > 0 && self::amount((int)$line['STORE_FROM'], (int)$line['ELEMENT_ID']) < (float)$line['AMOUNT']) {
                $APPLICATION->ThrowException('There is not enough stock in the warehouse.');
                return false;
            }
        }
        foreach ($lines as $line) {
            self::move($line, (float)$line['AMOUNT'], (int)$userId);
            self::price($line, $document);
        }
        self::update($documentId, ['STATUS' => 'Y', 'STATUS_BY' => (int)$userId, 'MODIFIED_BY' => (int)$userId]);
        return true;
    }

    private static function amount(int $store, int $product): float
    {
        return (float)Application::getConnection()->queryScalar("SELECT AMOUNT FROM b_catalog_store_product WHERE STORE_ID = $store AND PRODUCT_ID = $product");
    }

    private static function move(array $line, float $amount, int $user): void
    {
        (int)$line['STORE_FROM'] > 0 && self::change((int)$line['STORE_FROM'], (int)$line['ELEMENT_ID'], -$amount, $user);
        (int)$line['STORE_TO'] > 0 && self::change((int)$line['STORE_TO'], (int)$line['ELEMENT_ID'], $amount, $user);
    }

    /** The row of the warehouse, the element, the product's sum, and the word of the newer layer. */
    private static function change(int $store, int $product, float $delta, int $user): void
    {
        CCatalogStoreProduct::UpdateFromForm(['STORE_ID' => $store, 'PRODUCT_ID' => $product, 'AMOUNT' => self::amount($store, $product) + $delta]);
        (new CIBlockElement())->Update($product, ['MODIFIED_BY' => (string)$user]);
        $sum = Application::getConnection()->queryScalar("SELECT SUM(S.AMOUNT) FROM b_catalog_store_product S INNER JOIN b_catalog_store W ON W.ID = S.STORE_ID AND W.ACTIVE = 'Y'"
            . " WHERE S.PRODUCT_ID = $product");
        $reserved = Application::getConnection()->queryScalar("SELECT QUANTITY_RESERVED FROM b_catalog_product WHERE ID = $product");
        Model\Product::update($product, ['QUANTITY' => (float)$sum - (float)$reserved]);
        (new \Bitrix\Main\Event('Catalog', 'onAfterCatalogProductUpdate', ['id' => $product]))->send();
    }

    private static function price(array $line, array $document): void
    {
        $product = (int)$line['ELEMENT_ID'];
        if ($line['PURCHASING_PRICE'] !== null && in_array($document['DOC_TYPE'], [self::TYPE_ARRIVAL, self::TYPE_STORE_ADJUSTMENT], true)) {
            Model\Product::update($product, ['PURCHASING_PRICE' => (float)$line['PURCHASING_PRICE'], 'PURCHASING_CURRENCY' => $document['CURRENCY']]);
        }
        if ($line['BASE_PRICE'] !== null) {
            $fields = ['PRICE' => (float)$line['BASE_PRICE'], 'CURRENCY' => $document['CURRENCY']];
            $row = CPrice::GetBasePrice($product);
            $row === false
                ? Model\Price::add($fields + ['PRODUCT_ID' => $product, 'CATALOG_GROUP_ID' => GroupTable::getBasePriceTypeId()])
                : Model\Price::update((int)$row['ID'], $fields);
        }
    }

    public static function cancellationDocument($documentId, $userId = 0)
    {
        foreach (CCatalogStoreDocsElement::getList(['ID' => 'DESC'], ['=DOC_ID' => (int)$documentId])->arResult as $line) {
            self::move($line, -(float)$line['AMOUNT'], (int)$userId);
        }
        self::update($documentId, ['STATUS' => 'N', 'WAS_CANCELLED' => 'Y', 'STATUS_BY' => (int)$userId]);
        return true;
    }

    public static function delete($id)
    {
        $id = (int)$id;
        if (!OldEvent::allows('catalog', 'OnBeforeDocumentDelete', [$id])) {
            return false;
        }
        $connection = Application::getConnection();
        foreach (
            [['b_catalog_store_docs', 'ID', null], ['b_catalog_docs_barcode', 'DOC_ELEMENT_ID', 'OnDocumentBarcodeDelete'],
            ['b_catalog_docs_element', 'DOC_ID', 'OnDocumentElementDelete']] as [$table, $column, $event]
        ) {
            $connection->queryExecute("DELETE FROM $table WHERE $column = $id");
            $event === null || OldEvent::tell('catalog', $event, [$id]);
        }
        OldEvent::tell('catalog', 'OnDocumentDelete', [$id]);
        return true;
    }

    /** No event tells of it: the rows of the warehouse are made anew from the product rows. */
    public static function synchronizeStockQuantity($storeId, $iblockId = 0)
    {
        return Application::getConnection()->query('INSERT INTO b_catalog_store_product (PRODUCT_ID, STORE_ID, AMOUNT) SELECT P.ID, ' . (int)$storeId
            . ', P.QUANTITY FROM b_catalog_product P' . ((int)$iblockId > 0 ? ' INNER JOIN b_iblock_element E ON E.ID = P.ID AND E.IBLOCK_ID = ' . (int)$iblockId : '')
            . ' WHERE P.TYPE IN (1, 4) ON DUPLICATE KEY UPDATE AMOUNT = VALUES(AMOUNT)');
    }
}
