<?php

declare(strict_types=1);

// The full export: writes everything into the outbox again, with a progress bar that a closed tab does not lose.

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Page\AdminPage;
use Aligate\Aliexpress\Page\Choices;
use Bitrix\Main\Loader;

if (!defined('B_PROLOG_INCLUDED') || B_PROLOG_INCLUDED !== true || !Loader::includeModule('aligate.aliexpress')) {
    die();
}

$page = AdminPage::open(__FILE__, 'export');

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_admin_after.php';

echo $page->body(static fn (Connection $connection): string => AdminPage::place('export', [
    'connection' => $connection->id,
    'canAct' => AdminPage::isAllowed('W'),
    'iblocks' => array_intersect_key((new Choices())->iblocks(), array_flip($connection->iblockIds)),
], [
    'NOT_OFFERED', 'AWAY', 'EXPORT_HINT', 'EXPORT_IBLOCK', 'EXPORT_ALL', 'EXPORT_SECTION', 'EXPORT_SECTION_HINT', 'EXPORT_FORCE', 'EXPORT_FORCE_HINT',
    'EXPORT_START', 'EXPORT_CANCEL', 'EXPORT_RUNNING', 'EXPORT_DONE', 'EXPORT_CANCELLED', 'EXPORT_AWAY',
]));

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/epilog_admin.php';
