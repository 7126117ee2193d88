<?php

declare(strict_types=1);

// The full export: writes everything into the outbox again, with a progress bar that a closed tab does not lose.

use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Page\AdminPage;
use Aligate\Aliexpress\Page\Choices;
use Bitrix\Main\Loader;
use Bitrix\Main\Localization\Loc;

if (!defined('B_PROLOG_INCLUDED') || B_PROLOG_INCLUDED !== true) {
    die();
}

/** @var CMain $APPLICATION */
Loc::loadMessages(__FILE__);
if (!Loader::includeModule('aligate.aliexpress') || !AdminPage::isAllowed()) {
    $APPLICATION->AuthForm(Loc::getMessage('ACCESS_DENIED'));
}
$page = AdminPage::open(new ModuleOptions());
$connection = $page->connection;

$APPLICATION->SetTitle(Loc::getMessage('ALIGATE_ALIEXPRESS_EXPORT_TITLE'));
require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_admin_after.php';

if ($connection === null) {
    echo AdminPage::invitation();
} else {
    echo $page->switcher('aligate_aliexpress_export.php');
    $iblocks = array_intersect_key((new Choices())->iblocks(), array_flip($connection->iblockIds));
    echo AdminPage::place('export', [
        'connection' => $connection->id,
        'canAct' => AdminPage::isAllowed('W'),
        'iblocks' => $iblocks,
    ], [
        'NOT_OFFERED', 'AWAY', 'EXPORT_HINT', 'EXPORT_IBLOCK', 'EXPORT_ALL', 'EXPORT_SECTION', 'EXPORT_SECTION_HINT', 'EXPORT_FORCE', 'EXPORT_FORCE_HINT',
        'EXPORT_START', 'EXPORT_CANCEL', 'EXPORT_RUNNING', 'EXPORT_DONE', 'EXPORT_CANCELLED', 'EXPORT_AWAY',
    ]);
}

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/epilog_admin.php';
