<?php

declare(strict_types=1);

// The module's part of the admin menu. Runs on every hit of the admin section: no module is included, nothing is read.

use Bitrix\Main\Localization\Loc;

if (!defined('B_PROLOG_INCLUDED') || B_PROLOG_INCLUDED !== true) {
    die();
}

Loc::loadMessages(__FILE__);

if (CMain::GetGroupRight('aligate.aliexpress') < 'R') {
    return false;
}

$page = static fn (string $name): array => [
    'text' => Loc::getMessage('ALIGATE_ALIEXPRESS_MENU_' . strtoupper($name)),
    'title' => Loc::getMessage('ALIGATE_ALIEXPRESS_MENU_' . strtoupper($name)),
    'url' => "aligate_aliexpress_$name.php?lang=" . LANGUAGE_ID,
    'more_url' => ["aligate_aliexpress_$name.php"],
];

return [
    'parent_menu' => 'global_menu_store',
    'section' => 'aligate_aliexpress',
    'sort' => 900,
    'text' => 'AliExpress',
    'title' => Loc::getMessage('ALIGATE_ALIEXPRESS_MENU_TITLE'),
    'icon' => 'sale_menu_icon_marketplace',
    'page_icon' => 'sale_page_icon',
    'items_id' => 'menu_aligate_aliexpress',
    'items' => [
        $page('status'),
        $page('mapping'),
        $page('listings'),
        $page('export'),
        $page('log'),
        [
            'text' => Loc::getMessage('ALIGATE_ALIEXPRESS_MENU_SETTINGS'),
            'title' => Loc::getMessage('ALIGATE_ALIEXPRESS_MENU_SETTINGS'),
            'url' => 'settings.php?mid=aligate.aliexpress&lang=' . LANGUAGE_ID,
        ],
    ],
];
