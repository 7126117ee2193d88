<?php

use Bitrix\Main\Loader;

if (!Loader::includeModule('iblock') || !Loader::includeModule('currency')) {
    return false;
}
foreach ((array)glob(__DIR__ . '/classes/*.php') as $file) {
    Loader::registerAutoLoadClasses('catalog', [basename($file, '.php') => 'classes/' . basename($file)]);
}
