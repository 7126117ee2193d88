<?php

$MESS['ALIGATE_ALIEXPRESS_EXPORT_TITLE'] = 'AliExpress: полная выгрузка';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_HINT'] = 'Все товары, остатки и цены подключения встанут в очередь на отправку. Вкладку можно закрыть: выгрузка продолжится сама.';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_IBLOCK'] = 'Инфоблок:';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_ALL'] = 'все';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_SECTION'] = 'Раздел (ID):';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_SECTION_HINT'] = 'вместе с подразделами; 0: весь инфоблок';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_FORCE'] = 'Отправить, даже если на AliExpress то же самое';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_FORCE_HINT'] = 'Нужно, если на AliExpress что-то поменяли вручную.';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_START'] = 'Начать';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_CANCEL'] = 'Остановить';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_RUNNING'] = 'Поставлено в очередь #DONE# из #TOTAL# товаров.';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_DONE'] = 'Готово: поставлено в очередь товаров: #DONE#.';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_CANCELLED'] = 'Остановлено на #DONE# из #TOTAL#.';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_AWAY'] = 'Выгрузка продолжится сама, когда связь появится.';
$MESS['ALIGATE_ALIEXPRESS_NOT_OFFERED'] = 'Эта версия шлюза такого не умеет: обновите шлюз.';
$MESS['ALIGATE_ALIEXPRESS_AWAY'] = 'Ошибка:';
