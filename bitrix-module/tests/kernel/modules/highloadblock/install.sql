-- The kernel's own tables that the fake uses: names, columns and keys as in main 25.

CREATE TABLE IF NOT EXISTS b_hlblock_entity
(
  `ID` int(11) unsigned NOT NULL AUTO_INCREMENT,
  `NAME` varchar(100) NOT NULL,
  `TABLE_NAME` varchar(64) NOT NULL,
  PRIMARY KEY (`ID`)
);

CREATE TABLE IF NOT EXISTS b_hlblock_entity_lang
(
  `ID` int(11) unsigned NOT NULL,
  `LID` char(2) NOT NULL,
  `NAME` varchar(100) NOT NULL
);
