<?php

$MESS['ALIGATE_ALIEXPRESS_NOT_CONNECTED'] = 'Магазин ещё не подключён к шлюзу.';
$MESS['ALIGATE_ALIEXPRESS_TO_SETTINGS'] = 'Перейти к настройкам';
