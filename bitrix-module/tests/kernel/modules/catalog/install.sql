-- The kernel's own tables that the fake uses: names, columns and keys as in main 25.

CREATE TABLE IF NOT EXISTS b_catalog_iblock
(
  `IBLOCK_ID` int not null,
  `YANDEX_EXPORT` char(1) not null default 'N',
  `SUBSCRIPTION` char(1) not null default 'N',
  `VAT_ID` int(11) NULL default '0',
  `PRODUCT_IBLOCK_ID` int not null default '0',
  `SKU_PROPERTY_ID` int not null default '0',
  primary key (IBLOCK_ID),
  index IXS_CAT_IB_PRODUCT(PRODUCT_IBLOCK_ID),
  index IXS_CAT_IB_SKU_PROP(SKU_PROPERTY_ID)
);

CREATE TABLE IF NOT EXISTS b_catalog_product
(
  `ID` int not null,
  `QUANTITY` double not null,
  `QUANTITY_TRACE` char(1) not null default 'N',
  `WEIGHT` double not null default '0',
  `TIMESTAMP_X` datetime not null,
  `PRICE_TYPE` char(1) not null default 'S',
  `RECUR_SCHEME_LENGTH` int null,
  `RECUR_SCHEME_TYPE` char(1) not null default 'D',
  `TRIAL_PRICE_ID` int null,
  `WITHOUT_ORDER` char(1) not null default 'N',
  `SELECT_BEST_PRICE` char(1) not null default 'Y',
  `VAT_ID` int(11) null default '0',
  `VAT_INCLUDED` char(1) null default 'Y',
  `CAN_BUY_ZERO` char(1) not null default 'N',
  `NEGATIVE_AMOUNT_TRACE` char(1) not null default 'D',
  `TMP_ID` varchar(40) null,
  `PURCHASING_PRICE` decimal(18,2) null,
  `PURCHASING_CURRENCY` char(3) null,
  `BARCODE_MULTI` char(1) not null default 'N',
  `QUANTITY_RESERVED` double null default '0',
  `SUBSCRIBE` char(1) null,
  `WIDTH` double null,
  `LENGTH` double null,
  `HEIGHT` double null,
  `MEASURE` int null,
  `TYPE` int null,
  `AVAILABLE` char(1) null,
  `BUNDLE` char(1) null,
  primary key (ID)
);

CREATE TABLE IF NOT EXISTS b_catalog_price
(
  `ID` int not null auto_increment,
  `PRODUCT_ID` int not null,
  `EXTRA_ID` int null,
  `CATALOG_GROUP_ID` int not null,
  `PRICE` decimal(18,2) not null,
  `CURRENCY` char(3) not null,
  `TIMESTAMP_X` datetime not null,
  `QUANTITY_FROM` int null,
  `QUANTITY_TO` int null,
  `TMP_ID` varchar(40) null,
  `PRICE_SCALE` decimal(26,12) null,
  primary key (ID),
  index IXS_CAT_PRICE_PID(PRODUCT_ID, CATALOG_GROUP_ID),
  index IXS_CAT_PRICE_GID(CATALOG_GROUP_ID),
  index IXS_CAT_PRICE_SCALE(PRICE_SCALE)
);

CREATE TABLE IF NOT EXISTS b_catalog_group
(
  `ID` int not null auto_increment,
  `NAME` varchar(100) not null,
  `BASE` char(1) not null default 'N',
  `SORT` int not null default '100',
  `XML_ID` varchar(255) null,
  `TIMESTAMP_X` datetime null,
  `MODIFIED_BY` int(18) null,
  `DATE_CREATE` datetime null,
  `CREATED_BY` int(18) null,
  primary key (ID)
);

CREATE TABLE IF NOT EXISTS b_catalog_group_lang
(
  `ID` int not null auto_increment,
  `CATALOG_GROUP_ID` int not null,
  `LANG` char(2) not null,
  `NAME` varchar(100) null,
  primary key (ID),
  unique IX_CATALOG_GROUP_ID(CATALOG_GROUP_ID, LANG)
);

CREATE TABLE IF NOT EXISTS b_catalog_group2group
(
  `ID` int not null auto_increment,
  `CATALOG_GROUP_ID` int not null,
  `GROUP_ID` int not null,
  `BUY` char(1) not null default 'Y',
  primary key (ID),
  unique IX_CATG2G_UNI(CATALOG_GROUP_ID, GROUP_ID, BUY)
);

CREATE TABLE IF NOT EXISTS b_catalog_store
(
  `ID` INT NOT NULL AUTO_INCREMENT,
  `TITLE` VARCHAR(75) NULL,
  `ACTIVE` CHAR(1) NOT NULL DEFAULT 'Y',
  `ADDRESS` VARCHAR(245) NOT NULL,
  `DESCRIPTION` TEXT NULL,
  `GPS_N` VARCHAR(15) NULL DEFAULT 0,
  `GPS_S` VARCHAR(15) NULL DEFAULT 0,
  `IMAGE_ID` VARCHAR(45) NULL,
  `LOCATION_ID` INT NULL,
  `DATE_MODIFY` datetime default current_timestamp,
  `DATE_CREATE` DATETIME NULL,
  `USER_ID` INT NULL,
  `MODIFIED_BY` INT NULL,
  `PHONE` VARCHAR(45) NULL,
  `SCHEDULE` VARCHAR(255) NULL,
  `XML_ID` VARCHAR(255) NULL,
  `SORT` INT NOT NULL DEFAULT '100',
  `EMAIL` VARCHAR(255) NULL,
  `ISSUING_CENTER` CHAR(1) NOT NULL DEFAULT 'Y',
  `SHIPPING_CENTER` CHAR(1) NOT NULL DEFAULT 'Y',
  `SITE_ID` CHAR(2) NULL,
  `CODE` VARCHAR(255) NULL,
  `IS_DEFAULT` char(1) not null default 'N',
  PRIMARY KEY (ID)
);

CREATE TABLE IF NOT EXISTS b_catalog_store_product
(
  `ID` INT NOT NULL AUTO_INCREMENT,
  `PRODUCT_ID` INT NOT NULL,
  `AMOUNT` DOUBLE NOT NULL DEFAULT 0,
  `STORE_ID` INT NOT NULL,
  `QUANTITY_RESERVED` DOUBLE NOT NULL DEFAULT 0,
  PRIMARY KEY (ID),
  INDEX IX_CATALOG_STORE_PRODUCT1 (STORE_ID ASC),
  UNIQUE INDEX IX_CATALOG_STORE_PRODUCT2 (PRODUCT_ID ASC, STORE_ID ASC)
);

CREATE TABLE IF NOT EXISTS b_catalog_store_barcode
(
  `ID` INT NOT NULL AUTO_INCREMENT,
  `PRODUCT_ID` INT NOT NULL,
  `BARCODE` VARCHAR(100) NULL,
  `STORE_ID` INT NULL,
  `ORDER_ID` INT NULL,
  `DATE_MODIFY` DATETIME NULL,
  `DATE_CREATE` DATETIME NULL,
  `CREATED_BY` INT NULL,
  `MODIFIED_BY` INT NULL,
  PRIMARY KEY (ID),
  UNIQUE INDEX IX_B_CATALOG_STORE_BARCODE1(BARCODE),
  INDEX IX_B_CATALOG_STORE_BARCODE2(PRODUCT_ID)
);

CREATE TABLE IF NOT EXISTS b_catalog_store_docs
(
  `ID` INT NOT NULL AUTO_INCREMENT,
  `DOC_TYPE` CHAR(1) NOT NULL,
  `SITE_ID` CHAR(2) NULL,
  `CONTRACTOR_ID` INT NULL,
  `DATE_MODIFY` DATETIME NULL,
  `DATE_CREATE` DATETIME NULL,
  `CREATED_BY` INT NULL,
  `MODIFIED_BY` INT NULL,
  `CURRENCY` CHAR(3) NULL,
  `STATUS` CHAR(1) NOT NULL DEFAULT 'N',
  `DATE_STATUS` DATETIME NULL,
  `DATE_DOCUMENT` DATETIME NULL,
  `STATUS_BY` INT NULL,
  `TOTAL` DOUBLE NULL,
  `COMMENTARY` VARCHAR(1000) NULL,
  `TITLE` VARCHAR(255) NULL,
  `RESPONSIBLE_ID` INT NULL,
  `ITEMS_ORDER_DATE` DATETIME NULL,
  `ITEMS_RECEIVED_DATE` DATETIME NULL,
  `DOC_NUMBER` VARCHAR(64) NULL,
  `WAS_CANCELLED` CHAR(1) DEFAULT 'N',
  PRIMARY KEY (ID),
  INDEX IX_B_CATALOG_STORE_DOCS_MOBILE(DOC_TYPE, DATE_MODIFY)
);

CREATE TABLE IF NOT EXISTS b_catalog_docs_element
(
  `ID` INT NOT NULL AUTO_INCREMENT,
  `DOC_ID` INT NOT NULL,
  `STORE_FROM` INT NULL,
  `STORE_TO` INT NULL,
  `ELEMENT_ID` INT NULL,
  `AMOUNT` DOUBLE NULL,
  `PURCHASING_PRICE` DOUBLE NULL,
  `BASE_PRICE` DECIMAL(18,2) NULL,
  `BASE_PRICE_EXTRA` DECIMAL(18,2) NULL,
  `BASE_PRICE_EXTRA_RATE` INT NULL,
  `COMMENT` TEXT DEFAULT NULL,
  PRIMARY KEY (ID),
  INDEX IX_B_CATALOG_DOCS_ELEMENT1 (DOC_ID ASC),
  INDEX IX_B_CATALOG_DOCS_ELEMENT2 (ELEMENT_ID),
  INDEX IX_B_CATALOG_DOCS_ELEMENT3 (STORE_FROM),
  INDEX IX_B_CATALOG_DOCS_ELEMENT4 (STORE_TO)
);

CREATE TABLE IF NOT EXISTS b_catalog_docs_barcode
(
  `ID` INT NOT NULL AUTO_INCREMENT,
  `DOC_ID` INT NOT NULL,
  `DOC_ELEMENT_ID` INT NOT NULL,
  `BARCODE` VARCHAR(100) NOT NULL,
  PRIMARY KEY (ID),
  INDEX IX_B_CATALOG_DOCS_BARCODE1 (DOC_ELEMENT_ID ASC),
  index IX_B_CATALOG_DOCS_BARCODE_OWNER (DOC_ID)
);

CREATE TABLE IF NOT EXISTS b_catalog_measure
(
  `ID` INT NOT NULL AUTO_INCREMENT,
  `CODE` INT NOT NULL,
  `MEASURE_TITLE` VARCHAR(500) NULL,
  `SYMBOL_RUS` VARCHAR(20) NULL,
  `SYMBOL_INTL` VARCHAR(20) NULL,
  `SYMBOL_LETTER_INTL` VARCHAR(20) NULL,
  `IS_DEFAULT` CHAR(1) NOT NULL DEFAULT 'N',
  PRIMARY KEY (ID),
  UNIQUE INDEX IX_B_CATALOG_MEASURE1(CODE)
);

CREATE TABLE IF NOT EXISTS b_catalog_measure_ratio
(
  `ID` INT NOT NULL AUTO_INCREMENT,
  `PRODUCT_ID` INT NOT NULL,
  `RATIO` DOUBLE NOT NULL DEFAULT '1',
  `IS_DEFAULT` CHAR(1) NOT NULL DEFAULT 'N',
  PRIMARY KEY (ID),
  UNIQUE INDEX IX_B_CATALOG_MEASURE_RATIO(PRODUCT_ID, RATIO)
);

CREATE TABLE IF NOT EXISTS b_catalog_vat
(
  `ID` int(11) NOT NULL auto_increment,
  `TIMESTAMP_X` datetime not null,
  `ACTIVE` char(1) NOT NULL default 'Y',
  `C_SORT` int(18) NOT NULL default 100,
  `NAME` varchar(50) NOT NULL default '',
  `RATE` decimal(18,2) null default '0.00',
  `EXCLUDE_VAT` char(1) not null default 'N',
  `XML_ID` varchar(255) null,
  primary key (ID),
  index IX_CAT_VAT_ACTIVE (ACTIVE)
);

CREATE TABLE IF NOT EXISTS b_catalog_extra
(
  `ID` int not null auto_increment,
  `NAME` varchar(50) not null,
  `PERCENTAGE` decimal(18,2) not null,
  primary key (ID)
);

CREATE TABLE IF NOT EXISTS b_catalog_product_sets
(
  `ID` INT NOT NULL AUTO_INCREMENT,
  `TYPE` INT NOT NULL,
  `SET_ID` INT NOT NULL,
  `ACTIVE` CHAR(1) NOT NULL,
  `OWNER_ID` INT NOT NULL,
  `ITEM_ID` INT NOT NULL,
  `QUANTITY` DOUBLE NULL,
  `MEASURE` INT NULL,
  `DISCOUNT_PERCENT` DOUBLE NULL,
  `SORT` INT NOT NULL DEFAULT 100,
  `CREATED_BY` INT(18) NULL,
  `DATE_CREATE` DATETIME NULL,
  `MODIFIED_BY` INT(18) NULL,
  `TIMESTAMP_X` DATETIME NULL,
  `XML_ID` VARCHAR(255) NULL,
  PRIMARY KEY(ID),
  INDEX IX_CAT_PR_SET_TYPE(TYPE),
  INDEX IX_CAT_PR_SET_OWNER_ID(OWNER_ID),
  INDEX IX_CAT_PR_SET_SET_ID(SET_ID),
  INDEX IX_CAT_PR_SET_ITEM_ID(ITEM_ID)
);

CREATE TABLE IF NOT EXISTS b_catalog_product2group
(
  `ID` int not null auto_increment,
  `PRODUCT_ID` int not null,
  `GROUP_ID` int not null,
  `ACCESS_LENGTH` int not null,
  `ACCESS_LENGTH_TYPE` char(1) not null default 'D',
  primary key (ID),
  unique IX_C_P2G_PROD_GROUP(PRODUCT_ID, GROUP_ID)
);

CREATE TABLE IF NOT EXISTS b_catalog_rounding
(
  `ID` int not null auto_increment,
  `CATALOG_GROUP_ID` int not null,
  `PRICE` decimal(18, 4) not null,
  `ROUND_TYPE` int not null,
  `ROUND_PRECISION` decimal(18, 4) not null,
  `CREATED_BY` int(18) null,
  `DATE_CREATE` datetime null,
  `MODIFIED_BY` int(18) null,
  `DATE_MODIFY` datetime null,
  primary key (ID),
  index IX_CAT_RND_CATALOG_GROUP(CATALOG_GROUP_ID)
);
