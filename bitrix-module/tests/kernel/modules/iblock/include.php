<?php

foreach ((array)glob(__DIR__ . '/classes/*.php') as $file) {
    \Bitrix\Main\Loader::registerAutoLoadClasses('iblock', [basename($file, '.php') => 'classes/' . basename($file)]);
}
