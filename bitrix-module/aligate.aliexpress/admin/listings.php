<?php

declare(strict_types=1);

// How the products stand on AliExpress, and what its audit had to say.

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Page\AdminPage;
use Bitrix\Main\Loader;

if (!defined('B_PROLOG_INCLUDED') || B_PROLOG_INCLUDED !== true || !Loader::includeModule('aligate.aliexpress')) {
    die();
}

$page = AdminPage::open(__FILE__, 'listings', ['listings.js']);

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_admin_after.php';

echo $page->body(static fn (Connection $connection): string => AdminPage::place('listings', [
    'connection' => $connection->id,
    'language' => LANGUAGE_ID === 'ru' ? 'ru' : 'en',
], AdminPage::phrasesOf(__FILE__)));

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/epilog_admin.php';
