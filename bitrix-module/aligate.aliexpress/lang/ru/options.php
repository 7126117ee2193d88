<?php

$MESS['ALIGATE_ALIEXPRESS_TAB_GATEWAY'] = 'Шлюз';
$MESS['ALIGATE_ALIEXPRESS_TAB_GATEWAY_TITLE'] = 'Связь со шлюзом aligate';
$MESS['ALIGATE_ALIEXPRESS_TAB_CATALOG'] = 'Товары';
$MESS['ALIGATE_ALIEXPRESS_TAB_CATALOG_TITLE'] = 'Какие товары уходят на AliExpress';
$MESS['ALIGATE_ALIEXPRESS_TAB_STOCK'] = 'Остатки и цены';
$MESS['ALIGATE_ALIEXPRESS_TAB_STOCK_TITLE'] = 'Откуда берутся остатки и цены';
$MESS['ALIGATE_ALIEXPRESS_TAB_ORDERS'] = 'Заказы';
$MESS['ALIGATE_ALIEXPRESS_TAB_ORDERS_TITLE'] = 'Как заказы AliExpress появляются в магазине';
$MESS['ALIGATE_ALIEXPRESS_TAB_RIGHTS'] = 'Доступ';
$MESS['ALIGATE_ALIEXPRESS_TAB_RIGHTS_TITLE'] = 'Права на модуль';
$MESS['ALIGATE_ALIEXPRESS_SAVE'] = 'Сохранить';
$MESS['ALIGATE_ALIEXPRESS_REMOVE'] = 'Удалить подключение';
$MESS['ALIGATE_ALIEXPRESS_REMOVE_SURE'] = 'Удалить подключение? Неотправленные изменения этого подключения будут потеряны.';
$MESS['ALIGATE_ALIEXPRESS_SAVED'] = 'Настройки сохранены.';
$MESS['ALIGATE_ALIEXPRESS_NOT_SAVED'] = 'Настройки не сохранены: исправьте отмеченные поля.';
$MESS['ALIGATE_ALIEXPRESS_ADD'] = 'Добавить подключение';
