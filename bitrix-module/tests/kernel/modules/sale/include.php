<?php

use Bitrix\Main\Loader;

if (!Loader::includeModule('currency') || !Loader::includeModule('catalog')) {
    return false;
}
foreach ((array)glob(__DIR__ . '/classes/*.php') as $file) {
    Loader::registerAutoLoadClasses('sale', [basename($file, '.php') => 'classes/' . basename($file)]);
}
