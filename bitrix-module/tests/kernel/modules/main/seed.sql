INSERT INTO b_lang (LID, SORT, DEF, ACTIVE, NAME, DIR, LANGUAGE_ID, SERVER_NAME, SITE_NAME, EMAIL) VALUES ('s1', 1, 'Y', 'Y', 'Shop', '/', 'ru', 'shop.example', 'Shop', 'shop@shop.example');
INSERT INTO b_language (LID, SORT, DEF, ACTIVE, NAME, CULTURE_ID) VALUES ('ru', 1, 'Y', 'Y', 'Russian', 1), ('en', 2, 'N', 'Y', 'English', 2);
INSERT INTO b_group (ID, ACTIVE, C_SORT, ANONYMOUS, NAME) VALUES (1, 'Y', 1, 'N', 'Administrators'), (2, 'Y', 2, 'Y', 'Everybody');
INSERT INTO b_user (ID, LOGIN, PASSWORD, ACTIVE, NAME, EMAIL, DATE_REGISTER) VALUES (1, 'admin', 'x', 'Y', 'Admin', 'admin@shop.example', now());
INSERT INTO b_user_group (USER_ID, GROUP_ID) VALUES (1, 1);
INSERT INTO b_module (ID) VALUES ('main'), ('iblock'), ('currency'), ('catalog'), ('sale');
