INSERT INTO b_catalog_group (ID, NAME, BASE, SORT, XML_ID) VALUES (1, 'BASE', 'Y', 100, 'BASE');
INSERT INTO b_catalog_measure (ID, CODE, SYMBOL_INTL, SYMBOL_LETTER_INTL, IS_DEFAULT) VALUES (5, 796, 'pce. 1', 'PCE. NMB', 'Y');
INSERT INTO b_catalog_vat (ID, ACTIVE, C_SORT, NAME, RATE, EXCLUDE_VAT) VALUES (1, 'Y', 100, 'no VAT', 0, 'Y'), (2, 'Y', 200, 'VAT 20', 20, 'N');
INSERT INTO b_module_to_module (SORT, FROM_MODULE_ID, MESSAGE_ID, TO_MODULE_ID, TO_CLASS, TO_METHOD, VERSION, UNIQUE_ID) VALUES
(10000, 'iblock', 'OnBeforeIBlockElementDelete', 'catalog', 'CCatalog', 'OnBeforeIBlockElementDelete', 1, 'catalog-1'),
(90, 'iblock', 'OnIBlockElementDelete', 'catalog', '\\Bitrix\\Catalog\\Product\\Sku', 'handlerIblockElementDelete', 1, 'catalog-2'),
(100, 'iblock', 'OnIBlockElementDelete', 'catalog', 'CCatalogProduct', 'OnIBlockElementDelete', 1, 'catalog-3'),
(100, 'iblock', 'OnAfterIBlockElementDelete', 'catalog', '\\Bitrix\\Catalog\\Product\\Sku', 'handlerAfterIblockElementDelete', 1, 'catalog-4'),
(100, 'iblock', 'OnIBlockElementUpdate', 'catalog', '\\Bitrix\\Catalog\\Product\\Sku', 'handlerIblockElementUpdate', 1, 'catalog-5'),
(100, 'iblock', 'OnAfterIBlockElementUpdate', 'catalog', '\\Bitrix\\Catalog\\Product\\Sku', 'handlerAfterIblockElementUpdate', 1, 'catalog-6'),
(100, 'iblock', 'OnIBlockElementSetPropertyValues', 'catalog', '\\Bitrix\\Catalog\\Product\\Sku', 'handlerIblockElementSetPropertyValues', 1, 'catalog-7'),
(100, 'iblock', 'OnAfterIBlockElementSetPropertyValues', 'catalog', '\\Bitrix\\Catalog\\Product\\Sku', 'handlerAfterIBlockElementSetPropertyValues', 1, 'catalog-8'),
(100, 'iblock', 'OnIBlockElementSetPropertyValuesEx', 'catalog', '\\Bitrix\\Catalog\\Product\\Sku', 'handlerIblockElementSetPropertyValuesEx', 1, 'catalog-9'),
(100, 'iblock', 'OnAfterIBlockElementSetPropertyValuesEx', 'catalog', '\\Bitrix\\Catalog\\Product\\Sku', 'handlerAfterIblockElementSetPropertyValuesEx', 1, 'catalog-10');
