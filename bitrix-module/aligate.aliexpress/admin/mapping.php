<?php

declare(strict_types=1);

// Sections beside categories, properties beside attributes, values beside values; and what would be refused.

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Page\AdminPage;
use Aligate\Aliexpress\Page\Choices;
use Bitrix\Main\Loader;
use Bitrix\Main\Localization\Loc;

if (!defined('B_PROLOG_INCLUDED') || B_PROLOG_INCLUDED !== true || !Loader::includeModule('aligate.aliexpress')) {
    die();
}

$page = AdminPage::open(__FILE__, 'mapping', [
    'picker.js', 'mapping-settings.js', 'mapping-attribute.js', 'mapping-section.js', 'mapping-values.js', 'mapping-properties.js', 'mapping-common.js',
    'mapping-check.js', 'mapping.js',
]);

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_admin_after.php';

echo $page->body(static fn (Connection $connection): string => AdminPage::place('mapping', [
    'connection' => $connection->id,
    'canAct' => AdminPage::isAllowed('W'),
    'language' => LANGUAGE_ID === 'ru' ? 'ru' : 'en',
    'languages' => ['ru', 'en', 'es', 'fr', 'it', 'tr', 'pt', 'de', 'nl', 'in', 'ar', 'ja', 'ko', 'th', 'vi', 'iw', 'pl'],
    'priceType' => (new Choices())->priceTypes()[$connection->priceTypeId] ?? (string)Loc::getMessage('ALIGATE_ALIEXPRESS_PRICE_TYPE_BASE'),
    'settingsUrl' => 'settings.php?mid=' . ModuleOptions::MODULE_ID . '&lang=' . LANGUAGE_ID . "&connection=$connection->id",
], AdminPage::phrasesOf(__FILE__)));

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/epilog_admin.php';
