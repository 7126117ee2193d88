INSERT INTO b_sale_person_type (ID, LID, NAME, CODE, SORT, ACTIVE, ENTITY_REGISTRY_TYPE) VALUES (1, 's1', 'Person', 'person', 100, 'Y', 'ORDER');
INSERT INTO b_sale_person_type_site (PERSON_TYPE_ID, SITE_ID) VALUES (1, 's1');
INSERT INTO b_sale_order_props_group (ID, PERSON_TYPE_ID, NAME, SORT) VALUES (1, 1, 'Buyer', 100);
INSERT INTO b_sale_order_props (ID, PERSON_TYPE_ID, NAME, TYPE, REQUIRED, SORT, PROPS_GROUP_ID, CODE, ACTIVE, IS_PAYER, IS_EMAIL, IS_PHONE, IS_ZIP, IS_ADDRESS, ENTITY_REGISTRY_TYPE, ENTITY_TYPE) VALUES
(1, 1, 'Name', 'STRING', 'Y', 100, 1, 'FIO', 'Y', 'Y', 'N', 'N', 'N', 'N', 'ORDER', 'ORDER'),
(2, 1, 'E-mail', 'STRING', 'N', 110, 1, 'EMAIL', 'Y', 'N', 'Y', 'N', 'N', 'N', 'ORDER', 'ORDER'),
(3, 1, 'Phone', 'STRING', 'N', 120, 1, 'PHONE', 'Y', 'N', 'N', 'Y', 'N', 'N', 'ORDER', 'ORDER'),
(4, 1, 'Zip', 'STRING', 'N', 130, 1, 'ZIP', 'Y', 'N', 'N', 'N', 'Y', 'N', 'ORDER', 'ORDER'),
(5, 1, 'Address', 'STRING', 'N', 140, 1, 'ADDRESS', 'Y', 'N', 'N', 'N', 'N', 'Y', 'ORDER', 'ORDER');
INSERT INTO b_sale_status (ID, TYPE, SORT, NOTIFY) VALUES ('N', 'O', 100, 'Y'), ('P', 'O', 150, 'Y'), ('S', 'O', 170, 'Y'), ('F', 'O', 200, 'Y'), ('DN', 'D', 300, 'Y'), ('DF', 'D', 400, 'Y');
INSERT INTO b_sale_status_lang (STATUS_ID, LID, NAME) VALUES ('N', 'ru', 'Accepted'), ('N', 'en', 'Accepted'), ('P', 'ru', 'Paid'), ('P', 'en', 'Paid'), ('S', 'ru', 'Sent'), ('S', 'en', 'Sent'), ('F', 'ru', 'Done'), ('F', 'en', 'Done'), ('DN', 'ru', 'Waits'), ('DN', 'en', 'Waits'), ('DF', 'ru', 'Sent'), ('DF', 'en', 'Sent');
INSERT INTO b_sale_delivery_srv (ID, CODE, NAME, ACTIVE, SORT, CLASS_NAME, CURRENCY) VALUES (1, '', 'No delivery', 'Y', 100, '\\Bitrix\\Sale\\Delivery\\Services\\EmptyDeliveryService', 'RUB'), (2, 'courier', 'Courier', 'Y', 200, '\\Bitrix\\Sale\\Delivery\\Services\\Configurable', 'RUB');
INSERT INTO b_sale_pay_system_action (ID, PAY_SYSTEM_ID, NAME, PSA_NAME, CODE, SORT, ACTION_FILE, ACTIVE, CAN_PRINT_CHECK, ENTITY_REGISTRY_TYPE, HAVE_PREPAY, HAVE_RESULT, HAVE_ACTION, HAVE_PAYMENT) VALUES (1, 1, 'Inner account', 'Inner account', '', 50, 'inner', 'Y', 'N', 'ORDER', 'N', 'N', 'N', 'N'), (2, 2, 'Cash', 'Cash', '', 100, 'cash', 'Y', 'N', 'ORDER', 'N', 'N', 'N', 'N');
INSERT INTO b_sale_lang (LID, CURRENCY) VALUES ('s1', 'RUB');
