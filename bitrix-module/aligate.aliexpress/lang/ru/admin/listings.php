<?php

$MESS['ALIGATE_ALIEXPRESS_LISTINGS_TITLE'] = 'AliExpress: товары на площадке';
$MESS['ALIGATE_ALIEXPRESS_LOADING'] = 'Загрузка...';
$MESS['ALIGATE_ALIEXPRESS_NOT_OFFERED'] = 'Эта версия шлюза такого не умеет: обновите шлюз.';
$MESS['ALIGATE_ALIEXPRESS_AWAY'] = 'Ошибка:';
$MESS['ALIGATE_ALIEXPRESS_STATE'] = 'Состояние';
$MESS['ALIGATE_ALIEXPRESS_STATE_ANY'] = 'все состояния';
$MESS['ALIGATE_ALIEXPRESS_STATE_CHECK_FAILED'] = 'не прошёл проверку';
$MESS['ALIGATE_ALIEXPRESS_STATE_AUDITING'] = 'на модерации';
$MESS['ALIGATE_ALIEXPRESS_STATE_REFUSED'] = 'отклонён модерацией';
$MESS['ALIGATE_ALIEXPRESS_STATE_ON_SELLING'] = 'продаётся';
$MESS['ALIGATE_ALIEXPRESS_STATE_OFFLINE'] = 'снят с продажи';
$MESS['ALIGATE_ALIEXPRESS_PRODUCT'] = 'Товар';
$MESS['ALIGATE_ALIEXPRESS_LISTING'] = 'Номер на AliExpress';
$MESS['ALIGATE_ALIEXPRESS_REASONS'] = 'Причины';
$MESS['ALIGATE_ALIEXPRESS_REASON_FILTER'] = 'Код причины';
$MESS['ALIGATE_ALIEXPRESS_ONLY_THIS_REASON'] = 'Показать только с этой причиной';
$MESS['ALIGATE_ALIEXPRESS_DUPLICATES'] = 'Те же артикулы есть и в других карточках:';
$MESS['ALIGATE_ALIEXPRESS_NO_LISTINGS'] = 'На AliExpress ещё нет товаров этого магазина. Они появятся после сопоставления и выгрузки.';
$MESS['ALIGATE_ALIEXPRESS_NOTHING_FOUND'] = 'Ничего не найдено.';
$MESS['ALIGATE_ALIEXPRESS_SHOW_MORE'] = 'Показать ещё';
