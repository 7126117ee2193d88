-- The kernel's own tables that the fake uses: names, columns and keys as in main 25.

CREATE TABLE IF NOT EXISTS b_lang
(
  `LID` char(2) not null,
  `SORT` int not null default '100',
  `DEF` char(1) not null default 'N',
  `ACTIVE` char(1) not null default 'Y',
  `NAME` varchar(50) not null,
  `DIR` varchar(50) not null,
  `FORMAT_DATE` varchar(50) null,
  `FORMAT_DATETIME` varchar(50) null,
  `FORMAT_NAME` varchar(255) null,
  `WEEK_START` int null,
  `CHARSET` varchar(255) null,
  `LANGUAGE_ID` char(2) not null,
  `DOC_ROOT` varchar(255),
  `DOMAIN_LIMITED` char(1) not null default 'N',
  `SERVER_NAME` varchar(255),
  `SITE_NAME` varchar(255),
  `EMAIL` varchar(255),
  `CULTURE_ID` int,
  PRIMARY KEY (LID),
  INDEX ix_b_lang_def_active (DEF, ACTIVE)
);

CREATE TABLE IF NOT EXISTS b_language
(
  `LID` char(2) not null,
  `SORT` int not null default '100',
  `DEF` char(1) not null default 'N',
  `ACTIVE` char(1) not null default 'Y',
  `NAME` varchar(50) not null,
  `FORMAT_DATE` varchar(50) null,
  `FORMAT_DATETIME` varchar(50) null,
  `FORMAT_NAME` varchar(255) null,
  `WEEK_START` int null,
  `CHARSET` varchar(255) null,
  `DIRECTION` char(1) null,
  `CULTURE_ID` int,
  `CODE` varchar(35),
  PRIMARY KEY (LID)
);

CREATE TABLE IF NOT EXISTS b_option
(
  `MODULE_ID` VARCHAR(50) not null,
  `NAME` VARCHAR(100) not null,
  `VALUE` MEDIUMTEXT,
  `DESCRIPTION` VARCHAR(255),
  `SITE_ID` CHAR(2),
  PRIMARY KEY(MODULE_ID, NAME),
  INDEX ix_option_name(NAME)
);

CREATE TABLE IF NOT EXISTS b_option_site
(
  `MODULE_ID` VARCHAR(50) not null,
  `NAME` VARCHAR(100) not null,
  `SITE_ID` CHAR(2) not null,
  `VALUE` MEDIUMTEXT,
  PRIMARY KEY(MODULE_ID, NAME, SITE_ID),
  INDEX ix_option_site_module_site(MODULE_ID, SITE_ID)
);

CREATE TABLE IF NOT EXISTS b_module
(
  `ID` VARCHAR(50) not null,
  `DATE_ACTIVE` timestamp,
  PRIMARY KEY (ID)
);

CREATE TABLE IF NOT EXISTS b_module_to_module
(
  `ID` int not null auto_increment,
  `TIMESTAMP_X` TIMESTAMP,
  `SORT` INT not null default '100',
  `FROM_MODULE_ID` VARCHAR(50) not null,
  `MESSAGE_ID` VARCHAR(255) not null,
  `TO_MODULE_ID` VARCHAR(50) not null,
  `TO_PATH` VARCHAR(255),
  `TO_CLASS` VARCHAR(255),
  `TO_METHOD` VARCHAR(255),
  `TO_METHOD_ARG` varchar(255),
  `VERSION` int null,
  `UNIQUE_ID` varchar(32) not null,
  PRIMARY KEY (ID),
  INDEX ix_module_to_module(FROM_MODULE_ID(20), MESSAGE_ID(20), TO_MODULE_ID(20), TO_CLASS(20), TO_METHOD(20)),
  UNIQUE ux_module_to_module_unique_id(UNIQUE_ID)
);

CREATE TABLE IF NOT EXISTS b_module_group
(
  `ID` int not null auto_increment,
  `MODULE_ID` varchar(50) not null,
  `GROUP_ID` int not null,
  `G_ACCESS` varchar(255) not null,
  `SITE_ID` char(2),
  PRIMARY KEY (ID),
  UNIQUE UK_GROUP_MODULE(MODULE_ID, GROUP_ID, SITE_ID)
);

CREATE TABLE IF NOT EXISTS b_user
(
  `ID` int not null auto_increment,
  `TIMESTAMP_X` timestamp,
  `LOGIN` varchar(50) not null,
  `PASSWORD` varchar(255) not null,
  `CHECKWORD` varchar(255),
  `ACTIVE` char(1) not null default 'Y',
  `NAME` varchar(50),
  `LAST_NAME` varchar(50),
  `EMAIL` varchar(255),
  `LAST_LOGIN` datetime,
  `DATE_REGISTER` datetime not null,
  `LID` char(2),
  `PERSONAL_PROFESSION` varchar(255),
  `PERSONAL_WWW` varchar(255),
  `PERSONAL_ICQ` varchar(255),
  `PERSONAL_GENDER` char(1),
  `PERSONAL_BIRTHDATE` varchar(50),
  `PERSONAL_PHOTO` int,
  `PERSONAL_PHONE` varchar(255),
  `PERSONAL_FAX` varchar(255),
  `PERSONAL_MOBILE` varchar(255),
  `PERSONAL_PAGER` varchar(255),
  `PERSONAL_STREET` text,
  `PERSONAL_MAILBOX` varchar(255),
  `PERSONAL_CITY` varchar(255),
  `PERSONAL_STATE` varchar(255),
  `PERSONAL_ZIP` varchar(255),
  `PERSONAL_COUNTRY` varchar(255),
  `PERSONAL_NOTES` text,
  `WORK_COMPANY` varchar(255),
  `WORK_DEPARTMENT` varchar(255),
  `WORK_POSITION` varchar(255),
  `WORK_WWW` varchar(255),
  `WORK_PHONE` varchar(255),
  `WORK_FAX` varchar(255),
  `WORK_PAGER` varchar(255),
  `WORK_STREET` text,
  `WORK_MAILBOX` varchar(255),
  `WORK_CITY` varchar(255),
  `WORK_STATE` varchar(255),
  `WORK_ZIP` varchar(255),
  `WORK_COUNTRY` varchar(255),
  `WORK_PROFILE` text,
  `WORK_LOGO` int,
  `WORK_NOTES` text,
  `ADMIN_NOTES` text,
  `STORED_HASH` varchar(32),
  `XML_ID` varchar(255),
  `PERSONAL_BIRTHDAY` date,
  `EXTERNAL_AUTH_ID` varchar(255),
  `CHECKWORD_TIME` datetime,
  `SECOND_NAME` varchar(50),
  `CONFIRM_CODE` varchar(8),
  `LOGIN_ATTEMPTS` int,
  `LAST_ACTIVITY_DATE` datetime,
  `AUTO_TIME_ZONE` char(1),
  `TIME_ZONE` varchar(50),
  `TIME_ZONE_OFFSET` int,
  `TITLE` varchar(255) null,
  `BX_USER_ID` varchar(32) null,
  `LANGUAGE_ID` char(2) null,
  `BLOCKED` char(1) not null default 'N',
  `PASSWORD_EXPIRED` char(1) not null default 'N',
  PRIMARY KEY (ID),
  UNIQUE ix_login (LOGIN, EXTERNAL_AUTH_ID),
  INDEX ix_b_user_email (EMAIL),
  INDEX ix_b_user_activity_date (LAST_ACTIVITY_DATE),
  INDEX IX_B_USER_XML_ID (XML_ID),
  INDEX ix_user_last_login(LAST_LOGIN),
  INDEX ix_user_date_register(DATE_REGISTER)
);

CREATE TABLE IF NOT EXISTS b_user_group
(
  `USER_ID` INT not null,
  `GROUP_ID` INT not null,
  `DATE_ACTIVE_FROM` datetime,
  `DATE_ACTIVE_TO` datetime,
  UNIQUE ix_user_group (USER_ID, GROUP_ID),
  INDEX ix_user_group_group (GROUP_ID)
);

CREATE TABLE IF NOT EXISTS b_group
(
  `ID` int not null auto_increment,
  `TIMESTAMP_X` timestamp,
  `ACTIVE` char(1) not null default 'Y',
  `C_SORT` int not null default '100',
  `ANONYMOUS` char(1) not null default 'N',
  `IS_SYSTEM` char(1) not null default 'Y',
  `NAME` varchar(255) not null,
  `DESCRIPTION` varchar(255),
  `SECURITY_POLICY` text,
  `STRING_ID` varchar(255),
  PRIMARY KEY (ID)
);

CREATE TABLE IF NOT EXISTS b_agent
(
  `ID` bigint not null auto_increment,
  `MODULE_ID` varchar(50),
  `SORT` INT not null default '100',
  `NAME` text null,
  `ACTIVE` char(1) not null default 'Y',
  `LAST_EXEC` datetime,
  `NEXT_EXEC` datetime not null,
  `DATE_CHECK` datetime,
  `AGENT_INTERVAL` INT default '86400',
  `IS_PERIOD` char(1) default 'Y',
  `USER_ID` INT,
  `RUNNING` char(1) not null default 'N',
  `RETRY_COUNT` int not null default 0,
  PRIMARY KEY (ID),
  INDEX ix_agent_user_id(USER_ID),
  INDEX ix_agent_name(NAME(100)),
  INDEX ix_agent_act_period_next_exec(ACTIVE, IS_PERIOD, NEXT_EXEC),
  INDEX ix_agent_next_exec(NEXT_EXEC),
  INDEX ix_agent_module_act(MODULE_ID, ACTIVE)
);

CREATE TABLE IF NOT EXISTS b_admin_notify
(
  `ID` int not null AUTO_INCREMENT,
  `MODULE_ID` VARCHAR(50),
  `TAG` VARCHAR(255),
  `MESSAGE` text,
  `ENABLE_CLOSE` char(1) NULL default 'Y',
  `PUBLIC_SECTION` char(1) NOT NULL default 'N',
  `NOTIFY_TYPE` char(1) NOT NULL default 'M',
  PRIMARY KEY (ID),
  KEY IX_AD_TAG (TAG)
);

CREATE TABLE IF NOT EXISTS b_event_log
(
  `ID` INT not null auto_increment,
  `TIMESTAMP_X` timestamp,
  `SEVERITY` VARCHAR(50) not null,
  `AUDIT_TYPE_ID` VARCHAR(50) not null,
  `MODULE_ID` VARCHAR(50) not null,
  `ITEM_ID` VARCHAR(255) not null,
  `REMOTE_ADDR` VARCHAR(40),
  `USER_AGENT` TEXT,
  `REQUEST_URI` TEXT,
  `SITE_ID` CHAR(2),
  `USER_ID` INT,
  `GUEST_ID` INT,
  `DESCRIPTION` MEDIUMTEXT,
  PRIMARY KEY (ID),
  INDEX ix_b_event_log_time(TIMESTAMP_X),
  INDEX ix_b_event_log_audit_type_time(AUDIT_TYPE_ID, TIMESTAMP_X)
);

CREATE TABLE IF NOT EXISTS b_file
(
  `ID` INT not null auto_increment,
  `TIMESTAMP_X` timestamp,
  `MODULE_ID` varchar(50),
  `HEIGHT` INT,
  `WIDTH` INT,
  `FILE_SIZE` BIGINT null,
  `CONTENT_TYPE` VARCHAR(255) default 'IMAGE',
  `SUBDIR` VARCHAR(255),
  `FILE_NAME` VARCHAR(255) not null,
  `ORIGINAL_NAME` VARCHAR(255),
  `DESCRIPTION` VARCHAR(255),
  `HANDLER_ID` VARCHAR(50),
  `EXTERNAL_ID` VARCHAR(50),
  INDEX IX_B_FILE_EXTERNAL_ID(EXTERNAL_ID),
  PRIMARY KEY (ID)
);

CREATE TABLE IF NOT EXISTS b_event
(
  `ID` INT not null auto_increment,
  `EVENT_NAME` varchar(255) not null,
  `MESSAGE_ID` int,
  `LID` varchar(255) not null,
  `C_FIELDS` longtext,
  `DATE_INSERT` datetime,
  `DATE_EXEC` datetime,
  `SUCCESS_EXEC` char(1) not null default 'N',
  `DUPLICATE` char(1) not null default 'Y',
  `LANGUAGE_ID` char(2) NULL,
  PRIMARY KEY (ID),
  INDEX ix_success (SUCCESS_EXEC),
  INDEX ix_b_event_date_exec (DATE_EXEC)
);
