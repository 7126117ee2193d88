-- The kernel's own tables that the fake uses: names, columns and keys as in main 25.

CREATE TABLE IF NOT EXISTS b_sale_order
(
  `ID` int not null auto_increment,
  `LID` char(2) not null,
  `PERSON_TYPE_ID` int not null,
  `PAYED` char(1) not null default 'N',
  `DATE_PAYED` datetime null,
  `EMP_PAYED_ID` int null,
  `CANCELED` char(1) not null default 'N',
  `DATE_CANCELED` datetime null,
  `EMP_CANCELED_ID` int null,
  `REASON_CANCELED` varchar(255) null,
  `STATUS_ID` varchar(2) not null,
  `DATE_STATUS` datetime not null,
  `EMP_STATUS_ID` int null,
  `PRICE_DELIVERY` decimal(18,4) NOT NULL DEFAULT '0.0000',
  `PRICE_PAYMENT` decimal(18,4) NOT NULL DEFAULT '0.0000',
  `ALLOW_DELIVERY` char(1) not null default 'N',
  `DATE_ALLOW_DELIVERY` datetime null,
  `EMP_ALLOW_DELIVERY_ID` int null,
  `DEDUCTED` char(1) not null default 'N',
  `DATE_DEDUCTED` datetime null,
  `EMP_DEDUCTED_ID` int null,
  `REASON_UNDO_DEDUCTED` varchar(255) null,
  `MARKED` char(1) not null default 'N',
  `DATE_MARKED` datetime null,
  `EMP_MARKED_ID` int null,
  `REASON_MARKED` varchar(255) null,
  `RESERVED` char(1) not null default 'N',
  `PRICE` decimal(18, 4) not null,
  `CURRENCY` char(3) not null,
  `DISCOUNT_VALUE` decimal(18,4) NOT NULL DEFAULT '0.0000',
  `USER_ID` int not null,
  `PAY_SYSTEM_ID` int null,
  `DELIVERY_ID` varchar(50) null,
  `DATE_INSERT` datetime not null,
  `DATE_UPDATE` datetime not null,
  `USER_DESCRIPTION` varchar(2000) null,
  `ADDITIONAL_INFO` varchar(255) null,
  `PS_STATUS` char(1) null,
  `PS_STATUS_CODE` char(5) null,
  `PS_STATUS_DESCRIPTION` varchar(250) null,
  `PS_STATUS_MESSAGE` varchar(250) null,
  `PS_SUM` decimal(18,2) null,
  `PS_CURRENCY` char(3) null,
  `PS_RESPONSE_DATE` datetime null,
  `COMMENTS` text null,
  `TAX_VALUE` decimal(18,2) not null default '0.00',
  `STAT_GID` varchar(255) null,
  `SUM_PAID` decimal(18,2) not null default '0',
  `IS_RECURRING` char(1) not null default 'N',
  `RECURRING_ID` int null,
  `PAY_VOUCHER_NUM` varchar(20) null,
  `PAY_VOUCHER_DATE` date null,
  `LOCKED_BY` int null,
  `DATE_LOCK` datetime null,
  `RECOUNT_FLAG` char(1) not null default 'Y',
  `AFFILIATE_ID` int null,
  `DELIVERY_DOC_NUM` varchar(20) null,
  `DELIVERY_DOC_DATE` date null,
  `UPDATED_1C` CHAR(1) NOT NULL DEFAULT 'N',
  `STORE_ID` int null,
  `ORDER_TOPIC` varchar(255) null,
  `CREATED_BY` int(11) null,
  `RESPONSIBLE_ID` int(11) null,
  `COMPANY_ID` int(11) null,
  `DATE_PAY_BEFORE` datetime null,
  `DATE_BILL` datetime null,
  `ACCOUNT_NUMBER` varchar(100) null,
  `TRACKING_NUMBER` varchar(255) NULL,
  `XML_ID` varchar(255) null,
  `ID_1C` varchar(36) null,
  `VERSION_1C` varchar(15) null,
  `VERSION` INT(11) not null default '0',
  `EXTERNAL_ORDER` char(1) not null default 'N',
  `RUNNING` char(1) not null default 'N',
  `BX_USER_ID` varchar(32) null,
  `SEARCH_CONTENT` mediumtext null,
  `IS_SYNC_B24` CHAR(1) not null default 'N',
  primary key (ID),
  index IXS_ORDER_PERSON_TYPE_ID(PERSON_TYPE_ID),
  index IXS_ORDER_STATUS_ID(STATUS_ID),
  index IXS_ORDER_REC_ID(RECURRING_ID),
  index IX_SOO_AFFILIATE_ID(AFFILIATE_ID),
  index IXS_ORDER_UPDATED_1C(UPDATED_1C),
  index IXS_SALE_COUNT(USER_ID,LID,PAYED,CANCELED),
  index IXS_DATE_UPDATE(DATE_UPDATE),
  index IXS_XML_ID(XML_ID),
  index IXS_ID_1C(ID_1C),
  index IX_BSO_DATE_ALLOW_DELIVERY(DATE_ALLOW_DELIVERY),
  index IX_BSO_ALLOW_DELIVERY(ALLOW_DELIVERY),
  index IX_BSO_DATE_CANCELED(DATE_CANCELED),
  index IX_BSO_CANCELED(CANCELED),
  index IX_BSO_DATE_PAYED(DATE_PAYED),
  index IX_BSO_DATE_INSERT(DATE_INSERT),
  index IX_BSO_DATE_PAY_BEFORE(DATE_PAY_BEFORE),
  unique IXS_ACCOUNT_NUMBER(ACCOUNT_NUMBER),
  fulltext index IX_B_SALE_ORDER_SEARCH (SEARCH_CONTENT)
);

CREATE TABLE IF NOT EXISTS b_sale_basket
(
  `ID` int not null auto_increment,
  `FUSER_ID` int not null,
  `ORDER_ID` int null,
  `PRODUCT_ID` int not null,
  `PRODUCT_PRICE_ID` int null,
  `PRICE_TYPE_ID` int null,
  `PRICE` decimal(18, 4) not null,
  `CURRENCY` char(3) not null,
  `BASE_PRICE` decimal(18, 4) null,
  `VAT_INCLUDED` char(1) not null default 'Y',
  `DATE_INSERT` datetime not null,
  `DATE_UPDATE` datetime not null,
  `DATE_REFRESH` datetime null,
  `WEIGHT` double(18, 2) null,
  `QUANTITY` double(18, 4) not null default '0',
  `LID` char(2) not null,
  `DELAY` char(1) not null default 'N',
  `NAME` varchar(255) not null,
  `CAN_BUY` char(1) not null default 'Y',
  `MARKING_CODE_GROUP` varchar(100) null,
  `MODULE` varchar(100) null,
  `CALLBACK_FUNC` varchar(100) null,
  `NOTES` varchar(250) null,
  `ORDER_CALLBACK_FUNC` varchar(100) null,
  `DETAIL_PAGE_URL` varchar(250) null,
  `DISCOUNT_PRICE` decimal(18,4) not null,
  `CANCEL_CALLBACK_FUNC` varchar(100) null,
  `PAY_CALLBACK_FUNC` varchar(100) null,
  `PRODUCT_PROVIDER_CLASS` varchar(100) null,
  `CATALOG_XML_ID` varchar(100) null,
  `PRODUCT_XML_ID` varchar(100) null,
  `DISCOUNT_NAME` varchar(255) null,
  `DISCOUNT_VALUE` char(32) null,
  `DISCOUNT_COUPON` char(32) null,
  `VAT_RATE` DECIMAL(18, 4) NULL default '0.00',
  `SUBSCRIBE` char(1) not null default 'N',
  `DEDUCTED` char(1) not null default 'N',
  `RESERVED` char(1) not null default 'N',
  `BARCODE_MULTI` char(1) not null default 'N',
  `RESERVE_QUANTITY` double null,
  `CUSTOM_PRICE` char(1) not null default 'N',
  `DIMENSIONS` varchar(255) null,
  `TYPE` int(11) null,
  `SET_PARENT_ID` int(11) null,
  `MEASURE_CODE` INT(11) NULL,
  `MEASURE_NAME` varchar(50) null,
  `RECOMMENDATION` varchar(40) null,
  `XML_ID` varchar(255) null,
  `SORT` INT(11) not null default '100',
  primary key (ID),
  index IXS_BASKET_LID(LID),
  index IXS_BASKET_USER_ID_LID_ORDER_ID(FUSER_ID, LID, ORDER_ID),
  index IXS_BASKET_ORDER_ID(ORDER_ID),
  index IXS_BASKET_PRODUCT_ID(PRODUCT_ID),
  index IXS_BASKET_PRODUCT_PRICE_ID(PRODUCT_PRICE_ID),
  index IXS_SBAS_XML_ID(PRODUCT_XML_ID, CATALOG_XML_ID),
  index IXS_BASKET_DATE_INSERT(DATE_INSERT),
  index IXS_BASKET_SET_PARENT_ID(SET_PARENT_ID)
);

CREATE TABLE IF NOT EXISTS b_sale_basket_props
(
  `ID` int not null auto_increment,
  `BASKET_ID` int not null,
  `NAME` varchar(255) not null,
  `VALUE` varchar(255) null,
  `CODE` varchar(255) null,
  `SORT` int not null default '100',
  `XML_ID` varchar(255) null,
  primary key (ID),
  index IXS_BASKET_PROPS_BASKET(BASKET_ID),
  index IXS_BASKET_PROPS_CODE(CODE)
);

CREATE TABLE IF NOT EXISTS b_sale_fuser
(
  `ID` int not null auto_increment,
  `DATE_INSERT` datetime not null,
  `DATE_UPDATE` datetime not null,
  `USER_ID` INT NULL,
  `CODE` varchar(32),
  primary key (ID),
  index IX_USER_ID(USER_ID),
  index IX_CODE(CODE(32))
);

CREATE TABLE IF NOT EXISTS b_sale_order_payment
(
  `ID` INT(11) NOT NULL AUTO_INCREMENT,
  `ORDER_ID` INT(11) NOT NULL,
  `ACCOUNT_NUMBER` varchar(100) null,
  `PAID` CHAR(1) NOT NULL DEFAULT 'N',
  `DATE_PAID` DATETIME NULL DEFAULT NULL,
  `EMP_PAID_ID` INT(11) NULL DEFAULT NULL,
  `PAY_SYSTEM_ID` INT(11) NOT NULL,
  `PS_STATUS` CHAR(1) NULL DEFAULT NULL,
  `PS_INVOICE_ID` VARCHAR(250) NULL,
  `PS_STATUS_CODE` VARCHAR(255) NULL DEFAULT NULL,
  `PS_STATUS_DESCRIPTION` VARCHAR(512) NULL DEFAULT NULL,
  `PS_STATUS_MESSAGE` VARCHAR(250) NULL DEFAULT NULL,
  `PS_SUM` DECIMAL(18,4) NULL DEFAULT NULL,
  `PS_CURRENCY` CHAR(3) NULL DEFAULT NULL,
  `PS_RESPONSE_DATE` DATETIME NULL DEFAULT NULL,
  `PS_RECURRING_TOKEN` VARCHAR(255) NULL DEFAULT NULL,
  `PS_CARD_NUMBER` VARCHAR(64) NULL DEFAULT NULL,
  `PAY_VOUCHER_NUM` VARCHAR(20) NULL DEFAULT NULL,
  `PAY_VOUCHER_DATE` DATE NULL DEFAULT NULL,
  `DATE_PAY_BEFORE` DATETIME NULL DEFAULT NULL,
  `DATE_BILL` DATETIME NULL DEFAULT NULL,
  `XML_ID` VARCHAR(255) NULL DEFAULT NULL,
  `SUM` DECIMAL(18,4) NOT NULL,
  `PRICE_COD` DECIMAL(18,4) NOT NULL DEFAULT 0,
  `CURRENCY` CHAR(3) NOT NULL,
  `PAY_SYSTEM_NAME` VARCHAR(128) NOT NULL,
  `RESPONSIBLE_ID` int(11) DEFAULT NULL,
  `DATE_RESPONSIBLE_ID` datetime DEFAULT NULL,
  `EMP_RESPONSIBLE_ID` int(11) DEFAULT NULL,
  `COMMENTS` text,
  `COMPANY_ID` int(11) DEFAULT NULL,
  `PAY_RETURN_DATE` date DEFAULT NULL,
  `EMP_RETURN_ID` INT(11) NULL DEFAULT NULL,
  `PAY_RETURN_NUM` VARCHAR(20) DEFAULT NULL,
  `PAY_RETURN_COMMENT` text,
  `IS_RETURN` CHAR(1) NOT NULL DEFAULT 'N',
  `MARKED` CHAR(1) NULL DEFAULT NULL,
  `DATE_MARKED` DATETIME NULL DEFAULT NULL,
  `EMP_MARKED_ID` INT(11) NULL DEFAULT NULL,
  `REASON_MARKED` VARCHAR(255) NULL DEFAULT NULL,
  `ID_1C` VARCHAR(36) NULL DEFAULT NULL,
  `VERSION_1C` VARCHAR(15) NULL DEFAULT NULL,
  `EXTERNAL_PAYMENT` CHAR(1) NOT NULL DEFAULT 'N',
  `UPDATED_1C` CHAR(1) NOT NULL DEFAULT 'N',
  PRIMARY KEY (ID),
  INDEX IX_BSOP_ORDER_ID (ORDER_ID),
  INDEX IX_BSOP_DATE_PAID (DATE_PAID),
  INDEX IX_BSOP_PAID (PAID),
  unique IXS_PAY_ACCOUNT_NUMBER(ACCOUNT_NUMBER)
);

CREATE TABLE IF NOT EXISTS b_sale_order_delivery
(
  `ID` INT(11) NOT NULL AUTO_INCREMENT,
  `ORDER_ID` INT(11) NOT NULL,
  `ACCOUNT_NUMBER` varchar(100) null,
  `DATE_INSERT` DATETIME NOT NULL,
  `DATE_REQUEST` DATETIME NULL DEFAULT NULL,
  `DATE_UPDATE` DATETIME NULL DEFAULT NULL,
  `DELIVERY_LOCATION` VARCHAR(50) NULL DEFAULT NULL,
  `PARAMS` TEXT NULL,
  `STATUS_ID` VARCHAR(2) NOT NULL,
  `PRICE_DELIVERY` DECIMAL(18,4) NULL DEFAULT NULL,
  `DISCOUNT_PRICE` DECIMAL(18,4) NULL DEFAULT NULL,
  `BASE_PRICE_DELIVERY` DECIMAL(18,4) NULL DEFAULT NULL,
  `CUSTOM_PRICE_DELIVERY` CHAR(1) NULL DEFAULT NULL,
  `ALLOW_DELIVERY` CHAR(1) NULL DEFAULT 'N',
  `DATE_ALLOW_DELIVERY` DATETIME NULL DEFAULT NULL,
  `EMP_ALLOW_DELIVERY_ID` INT(11) NULL DEFAULT NULL,
  `DEDUCTED` CHAR(1) NULL DEFAULT 'N',
  `DATE_DEDUCTED` DATETIME NULL DEFAULT NULL,
  `EMP_DEDUCTED_ID` INT(11) NULL DEFAULT NULL,
  `REASON_UNDO_DEDUCTED` VARCHAR(255) NULL DEFAULT NULL,
  `RESERVED` CHAR(1) NULL DEFAULT NULL,
  `DELIVERY_ID` INT(11) NOT NULL,
  `DELIVERY_DOC_NUM` VARCHAR(20) NULL DEFAULT NULL,
  `DELIVERY_DOC_DATE` DATETIME NULL DEFAULT NULL,
  `TRACKING_NUMBER` VARCHAR(255) NULL DEFAULT NULL,
  `XML_ID` VARCHAR(255) NULL DEFAULT NULL,
  `DELIVERY_NAME` VARCHAR(128) NULL DEFAULT NULL,
  `CANCELED` CHAR(1) NULL DEFAULT 'N',
  `DATE_CANCELED` DATETIME NULL DEFAULT NULL,
  `EMP_CANCELED_ID` INT(11) NULL DEFAULT NULL,
  `REASON_CANCELED` VARCHAR(255) NULL DEFAULT '',
  `MARKED` CHAR(1) NULL DEFAULT NULL,
  `DATE_MARKED` DATETIME NULL DEFAULT NULL,
  `EMP_MARKED_ID` INT(11) NULL DEFAULT NULL,
  `REASON_MARKED` VARCHAR(255) NULL DEFAULT NULL,
  `CURRENCY` VARCHAR(3) NULL DEFAULT NULL,
  `SYSTEM` CHAR(1) NOT NULL DEFAULT 'N',
  `WEIGHT` double(18, 4) default 0,
  `RESPONSIBLE_ID` int(11) DEFAULT NULL,
  `EMP_RESPONSIBLE_ID` int(11) DEFAULT NULL,
  `DATE_RESPONSIBLE_ID` datetime DEFAULT NULL,
  `COMMENTS` text,
  `COMPANY_ID` int(11) DEFAULT NULL,
  `TRACKING_STATUS` INT(11) NULL,
  `TRACKING_DESCRIPTION` VARCHAR(255) NULL,
  `TRACKING_LAST_CHECK` DATETIME NULL,
  `TRACKING_LAST_CHANGE` DATETIME NULL,
  `ID_1C` VARCHAR(36) NULL DEFAULT NULL,
  `VERSION_1C` VARCHAR(15) NULL DEFAULT NULL,
  `EXTERNAL_DELIVERY` CHAR(1) NOT NULL DEFAULT 'N',
  `UPDATED_1C` CHAR(1) NOT NULL DEFAULT 'N',
  PRIMARY KEY (ID),
  INDEX IX_BSOD_ORDER_ID (ORDER_ID),
  INDEX IX_BSOD_DATE_ALLOW_DELIVERY (DATE_ALLOW_DELIVERY),
  INDEX IX_BSOD_ALLOW_DELIVERY (ALLOW_DELIVERY),
  INDEX IX_BSOD_DATE_CANCELED (DATE_CANCELED),
  INDEX IX_BSOD_CANCELED (CANCELED),
  unique IXS_DLV_ACCOUNT_NUMBER(ACCOUNT_NUMBER)
);

CREATE TABLE IF NOT EXISTS b_sale_order_dlv_basket
(
  `ID` INT(11) NOT NULL AUTO_INCREMENT,
  `ORDER_DELIVERY_ID` INT(11) NOT NULL,
  `BASKET_ID` INT(11) NOT NULL,
  `DATE_INSERT` DATETIME NOT NULL,
  `QUANTITY` DECIMAL(18,4) NOT NULL,
  `RESERVED_QUANTITY` DECIMAL(18,4) NOT NULL,
  `XML_ID` varchar(255) null,
  PRIMARY KEY (ID),
  INDEX IX_BSODB_ORDER_DELIVERY_ID (ORDER_DELIVERY_ID),
  INDEX IX_S_O_DB_BASKET_ID (BASKET_ID)
);

CREATE TABLE IF NOT EXISTS b_sale_order_props
(
  `ID` int not null auto_increment,
  `PERSON_TYPE_ID` int not null,
  `NAME` varchar(255) not null,
  `TYPE` varchar(20) not null,
  `REQUIRED` char(1) not null default 'N',
  `DEFAULT_VALUE` varchar(500) null,
  `SORT` int not null default '100',
  `USER_PROPS` char(1) not null default 'N',
  `IS_LOCATION` char(1) not null default 'N',
  `PROPS_GROUP_ID` int not null,
  `DESCRIPTION` varchar(255) null,
  `IS_EMAIL` char(1) not null default 'N',
  `IS_PROFILE_NAME` char(1) not null default 'N',
  `IS_PAYER` char(1) not null default 'N',
  `IS_LOCATION4TAX` char(1) not null default 'N',
  `IS_FILTERED` char(1) not null default 'N',
  `CODE` varchar(50) null,
  `IS_ZIP` char(1) not null default 'N',
  `IS_PHONE` char(1) not null default 'N',
  `ACTIVE` VARCHAR(1) NOT NULL default 'Y',
  `UTIL` VARCHAR(1) NOT NULL default 'N',
  `INPUT_FIELD_LOCATION` INT(11) NOT NULL default '0',
  `MULTIPLE` CHAR(1) NOT NULL default 'N',
  `IS_ADDRESS` char(1) not null default 'N',
  `IS_ADDRESS_FROM` char(1) not null default 'N',
  `IS_ADDRESS_TO` char(1) not null default 'N',
  `SETTINGS` varchar(500) null,
  `ENTITY_REGISTRY_TYPE` varchar(255) null,
  `XML_ID` varchar(255) null,
  `ENTITY_TYPE` varchar(255) not null,
  primary key (ID),
  index IXS_ORDER_PROPS_PERSON_TYPE_ID(PERSON_TYPE_ID),
  index IXS_ORDER_PROPS_TYPE(TYPE),
  index IXS_CODE_OPP(CODE)
);

CREATE TABLE IF NOT EXISTS b_sale_order_props_value
(
  `ID` int not null auto_increment,
  `ORDER_ID` int not null,
  `ORDER_PROPS_ID` int null,
  `NAME` varchar(255) not null,
  `VALUE` varchar(500) null,
  `CODE` varchar(50) null,
  `XML_ID` varchar(255) null,
  `ENTITY_ID` int not null,
  `ENTITY_TYPE` varchar(255) not null,
  primary key (ID),
  unique IX_SOPV_ENT_PROP_UNI(ENTITY_ID, ENTITY_TYPE(200), ORDER_PROPS_ID),
  index IX_SOPV_ORD_PROP_UNI(ORDER_ID, ORDER_PROPS_ID)
);

CREATE TABLE IF NOT EXISTS b_sale_order_props_variant
(
  `ID` int not null auto_increment,
  `ORDER_PROPS_ID` int not null,
  `NAME` varchar(255) not null,
  `VALUE` varchar(255) null,
  `SORT` int not null default '100',
  `DESCRIPTION` varchar(255) null,
  `XML_ID` varchar(255) null,
  primary key (ID),
  index IXS_ORDER_PROPS_VARIANT_ORDER_PROPS_ID(ORDER_PROPS_ID)
);

CREATE TABLE IF NOT EXISTS b_sale_order_props_group
(
  `ID` int not null auto_increment,
  `PERSON_TYPE_ID` int not null,
  `NAME` varchar(255) not null,
  `CODE` varchar(50) default null,
  `SORT` int not null default '100',
  primary key (ID),
  index IXS_ORDER_PROPS_GROUP_PERSON_TYPE_ID(PERSON_TYPE_ID)
);

CREATE TABLE IF NOT EXISTS b_sale_person_type
(
  `ID` int not null auto_increment,
  `LID` char(2) not null,
  `NAME` varchar(255) not null,
  `CODE` varchar(255) null,
  `SORT` int not null default '150',
  `ACTIVE` VARCHAR(1) NOT NULL default 'Y',
  `ENTITY_REGISTRY_TYPE` varchar(255) null,
  `XML_ID` varchar(255) null,
  primary key (ID),
  index IXS_PERSON_TYPE_LID(LID)
);

CREATE TABLE IF NOT EXISTS b_sale_person_type_site
(
  `PERSON_TYPE_ID` int(18) NOT NULL default '0',
  `SITE_ID` char(2) NOT NULL default '',
  PRIMARY KEY (PERSON_TYPE_ID, SITE_ID)
);

CREATE TABLE IF NOT EXISTS b_sale_status
(
  `ID` varchar(2) not null,
  `TYPE` char(1) not null default 'O',
  `SORT` int not null default '100',
  `NOTIFY` char(1) not null default 'Y',
  `COLOR` varchar(10) null,
  `XML_ID` varchar(255) null,
  primary key (ID)
);

CREATE TABLE IF NOT EXISTS b_sale_status_lang
(
  `STATUS_ID` varchar(2) not null,
  `LID` char(2) not null,
  `NAME` varchar(100) not null,
  `DESCRIPTION` varchar(250) null,
  primary key (STATUS_ID, LID)
);

CREATE TABLE IF NOT EXISTS b_sale_pay_system_action
(
  `ID` int not null auto_increment,
  `PAY_SYSTEM_ID` int null,
  `PERSON_TYPE_ID` int null,
  `NAME` varchar(255) not null,
  `PSA_NAME` varchar(255) not null,
  `CODE` varchar(50) NULL,
  `SORT` int not null default '100',
  `DESCRIPTION` varchar(2000) null,
  `ACTION_FILE` varchar(255) null,
  `RESULT_FILE` varchar(255) null,
  `NEW_WINDOW` char(1) not null default 'Y',
  `ACTIVE` char(1) not null default 'Y',
  `PS_MODE` VARCHAR(20) NULL,
  `PS_CLIENT_TYPE` varchar(10) default null,
  `PARAMS` text null,
  `TARIF` text null,
  `HAVE_PAYMENT` char(1) not null default 'N',
  `HAVE_ACTION` char(1) not null default 'N',
  `AUTO_CHANGE_1C` char(1) not null default 'N',
  `HAVE_RESULT` char(1) not null default 'N',
  `HAVE_PRICE` char(1) not null default 'N',
  `HAVE_PREPAY` char(1) not null default 'N',
  `HAVE_RESULT_RECEIVE` char(1) not null default 'N',
  `ALLOW_EDIT_PAYMENT` char(1) not null default 'Y',
  `ENCODING` varchar(45) null,
  `LOGOTIP` int null,
  `IS_CASH` char(1) not null default 'N',
  `CAN_PRINT_CHECK` char(1) not null default 'N',
  `ENTITY_REGISTRY_TYPE` varchar(255) null,
  `XML_ID` varchar(255) null,
  primary key (ID),
  KEY B_SALE_PAY_SYSTEM_ACTION_PS_CLIENT_TYPE(PS_CLIENT_TYPE)
);

CREATE TABLE IF NOT EXISTS b_sale_delivery_srv
(
  `ID` int NOT NULL AUTO_INCREMENT,
  `CODE` varchar(50) NULL,
  `PARENT_ID` int NULL,
  `NAME` varchar(255) NOT NULL,
  `ACTIVE` char(1) NOT NULL,
  `DESCRIPTION` text NULL,
  `SORT` int NOT NULL,
  `LOGOTIP` int NULL,
  `CONFIG` longtext NULL,
  `CLASS_NAME` varchar(255) NOT NULL,
  `CURRENCY` char(3) NOT NULL,
  `TRACKING_PARAMS` VARCHAR(255) NULL,
  `ALLOW_EDIT_SHIPMENT` char(1) NOT NULL DEFAULT 'Y',
  `VAT_ID` INT NULL,
  `XML_ID` varchar(255) null,
  primary key (ID),
  index IX_BSD_SRV_CODE(CODE),
  index IX_BSD_SRV_PARENT_ID(PARENT_ID)
);

CREATE TABLE IF NOT EXISTS b_sale_entity_marker
(
  `ID` int(11) not null auto_increment,
  `ORDER_ID` int(11) not null,
  `ENTITY_TYPE` varchar(25) not null,
  `ENTITY_ID` int(11) not null,
  `TYPE` varchar(10) not null,
  `CODE` varchar(255) not null,
  `MESSAGE` varchar(255) not null,
  `COMMENT` varchar(500) null default null,
  `USER_ID` int(11) null default null,
  `DATE_CREATE` datetime null default null,
  `DATE_UPDATE` datetime null default null,
  `SUCCESS` char(1) not null default 'N',
  primary key (ID),
  index IX_BSEM_TYPE (TYPE),
  index IX_BSEM_ENTITY_TYPE (ENTITY_TYPE)
);

CREATE TABLE IF NOT EXISTS b_sale_tp
(
  `ID` int NOT NULL AUTO_INCREMENT,
  `CODE` varchar(20) NOT NULL,
  `ACTIVE` char(1) NOT NULL,
  `NAME` varchar(500) NOT NULL,
  `DESCRIPTION` text NULL,
  `SETTINGS` text NULL,
  `CATALOG_SECTION_TAB_CLASS_NAME` varchar(255) NULL,
  `CLASS` varchar(255) NULL,
  `XML_ID` varchar(255) null,
  primary key (ID),
  unique IX_CODE(CODE)
);

CREATE TABLE IF NOT EXISTS b_sale_tp_order
(
  `ID` int NOT NULL AUTO_INCREMENT,
  `ORDER_ID` INT NOT NULL,
  `TRADING_PLATFORM_ID` int NOT NULL,
  `EXTERNAL_ORDER_ID` varchar(100) NOT NULL,
  `PARAMS` text NULL,
  `XML_ID` varchar(255) null,
  PRIMARY KEY (ID),
  UNIQUE INDEX IX_UNIQ_NUMBERS (ORDER_ID, TRADING_PLATFORM_ID, EXTERNAL_ORDER_ID)
);

CREATE TABLE IF NOT EXISTS b_sale_basket_reservation
(
  `ID` int unsigned NOT NULL AUTO_INCREMENT,
  `QUANTITY` double(18, 4) NOT NULL,
  `DATE_RESERVE` DATETIME NOT NULL,
  `DATE_RESERVE_END` DATETIME NOT NULL,
  `RESERVED_BY` INT(18) unsigned NULL,
  `BASKET_ID` INT unsigned NOT NULL,
  `STORE_ID` INT unsigned NULL,
  INDEX IX_SALE_BASKET_RESERVATION_BASKET_ID(BASKET_ID),
  PRIMARY KEY (ID)
);

CREATE TABLE IF NOT EXISTS b_sale_lang
(
  `LID` char(2) not null,
  `CURRENCY` char(3) not null,
  primary key (LID)
);

CREATE TABLE IF NOT EXISTS b_sale_order_change
(
  `ID` INT NOT NULL AUTO_INCREMENT,
  `ORDER_ID` INT NOT NULL,
  `TYPE` VARCHAR(255) NOT NULL,
  `DATA` VARCHAR(512) NULL,
  `DATE_CREATE` datetime NOT NULL,
  `DATE_MODIFY` datetime NOT NULL,
  `USER_ID` INT NOT NULL,
  `ENTITY` VARCHAR(50) NULL DEFAULT NULL,
  `ENTITY_ID` INT(11) NULL DEFAULT NULL,
  PRIMARY KEY (ID),
  index `IXS_ORDER_ID_CHANGE` (`ORDER_ID`),
  index `IXS_TYPE_CHANGE` (`TYPE`)
);
