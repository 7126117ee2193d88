<?php

$MESS['ALIGATE_ALIEXPRESS_MODULE_NAME'] = 'AliExpress: обмен по событиям (aligate)';
$MESS['ALIGATE_ALIEXPRESS_MODULE_DESCRIPTION'] = 'Сообщает шлюзу aligate о каждом изменении товаров, цен, остатков и заказов; шлюз за секунды приводит AliExpress в то же состояние, что и магазин. Заказы с AliExpress попадают в магазин.';
$MESS['ALIGATE_ALIEXPRESS_INSTALL_TITLE'] = 'Установка модуля AliExpress';
$MESS['ALIGATE_ALIEXPRESS_INSTALLED'] = 'Модуль установлен.';
$MESS['ALIGATE_ALIEXPRESS_INSTALLED_NEXT'] = 'Далее укажите адрес вашего шлюза и его секрет и выберите, что продается на AliExpress.';
$MESS['ALIGATE_ALIEXPRESS_TO_SETTINGS'] = 'К настройкам';
$MESS['ALIGATE_ALIEXPRESS_UNINSTALL_TITLE'] = 'Удаление модуля AliExpress';
$MESS['ALIGATE_ALIEXPRESS_UNINSTALL_EXPLAINED'] = 'Модуль перестанет сообщать об изменениях. Заказы, пришедшие с AliExpress, в любом случае останутся в магазине.';
$MESS['ALIGATE_ALIEXPRESS_UNINSTALL_KEEP'] = 'Сохранить настройки и данные обмена для следующей установки';
$MESS['ALIGATE_ALIEXPRESS_UNINSTALL_GO'] = 'Удалить';
$MESS['ALIGATE_ALIEXPRESS_RIGHT_D'] = 'доступ закрыт';
$MESS['ALIGATE_ALIEXPRESS_RIGHT_R'] = 'просмотр состояния и журнала';
$MESS['ALIGATE_ALIEXPRESS_RIGHT_W'] = 'изменение настроек и запуск выгрузок';
$MESS['ALIGATE_ALIEXPRESS_FAULT_PHP'] = 'Модулю нужен PHP #MIN# или новее; на этом сайте PHP #VERSION#.';
$MESS['ALIGATE_ALIEXPRESS_FAULT_DATABASE'] = 'Модуль работает только с MySQL и MariaDB; база данных этого сайта имеет тип "#TYPE#".';
$MESS['ALIGATE_ALIEXPRESS_FAULT_KERNEL'] = 'Модулю нужен главный модуль версии #MIN# или новее; на этом сайте версия #VERSION#. Сначала обновите сайт.';
$MESS['ALIGATE_ALIEXPRESS_FAULT_MODULE'] = 'Модулю нужен модуль "#MODULE#", он не установлен.';
$MESS['ALIGATE_ALIEXPRESS_FAULT_EXTENSION'] = 'Модулю нужно расширение PHP "#EXTENSION#", оно не загружено.';
$MESS['ALIGATE_ALIEXPRESS_FAULT_FAILED'] = 'Выполнение прервано: #REASON#';
