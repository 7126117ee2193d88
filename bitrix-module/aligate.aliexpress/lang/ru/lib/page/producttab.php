<?php

$MESS['ALIGATE_ALIEXPRESS_PRODUCT_TAB'] = 'Что известно шлюзу и AliExpress';
$MESS['ALIGATE_ALIEXPRESS_NEVER_SENT'] = 'На AliExpress ещё не отправлялось.';
$MESS['ALIGATE_ALIEXPRESS_LOADING'] = 'Спрашиваем шлюз...';
$MESS['ALIGATE_ALIEXPRESS_NOT_OFFERED'] = 'Эта версия шлюза такого не умеет: обновите шлюз.';
$MESS['ALIGATE_ALIEXPRESS_AWAY'] = 'Шлюз не ответил:';
$MESS['ALIGATE_ALIEXPRESS_TRACE_NONE'] = 'Шлюз об этом артикуле ничего не знает.';
$MESS['ALIGATE_ALIEXPRESS_LANE'] = 'Очередь';
$MESS['ALIGATE_ALIEXPRESS_PLACE'] = 'Состояние';
$MESS['ALIGATE_ALIEXPRESS_STATE'] = 'Последнее значение';
$MESS['ALIGATE_ALIEXPRESS_CONFIRMED'] = 'На AliExpress';
$MESS['ALIGATE_ALIEXPRESS_REASON'] = 'Причина';
$MESS['ALIGATE_ALIEXPRESS_LANE_STOCK'] = 'остатки';
$MESS['ALIGATE_ALIEXPRESS_LANE_PRICE'] = 'цены';
$MESS['ALIGATE_ALIEXPRESS_LANE_PRODUCT'] = 'товары';
$MESS['ALIGATE_ALIEXPRESS_PLACE_IDLE'] = 'подтверждено';
$MESS['ALIGATE_ALIEXPRESS_PLACE_DUE'] = 'ждёт';
$MESS['ALIGATE_ALIEXPRESS_PLACE_LEASED'] = 'отправляется';
$MESS['ALIGATE_ALIEXPRESS_PLACE_AWAITING'] = 'ждёт ответа AliExpress';
$MESS['ALIGATE_ALIEXPRESS_PLACE_PARKED'] = 'отложено';
$MESS['ALIGATE_ALIEXPRESS_PLACE_HELD'] = 'удержано';
$MESS['ALIGATE_ALIEXPRESS_PLACE_DEAD'] = 'не принято';
