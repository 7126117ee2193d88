<?php

foreach ((array)glob(__DIR__ . '/classes/*.php') as $file) {
    \Bitrix\Main\Loader::registerAutoLoadClasses('currency', [basename($file, '.php') => 'classes/' . basename($file)]);
}
require_once __DIR__ . '/functions.php';
