<?php

declare(strict_types=1);

// What the module had to say, newest first.

use Aligate\Aliexpress\Log\Level;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Page\AdminPage;
use Aligate\Aliexpress\Page\LogView;
use Bitrix\Main\Context;
use Bitrix\Main\DI\ServiceLocator;
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
$request = Context::getCurrent()->getRequest();
$level = Level::tryFrom((string)$request->get('level'));
$before = (int)$request->get('before');

$APPLICATION->SetTitle(Loc::getMessage('ALIGATE_ALIEXPRESS_LOG_TITLE'));
require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_admin_after.php';

if ($page->connection === null) {
    echo AdminPage::invitation();
} else {
    echo $page->switcher('aligate_aliexpress_log.php');
    $journal = ServiceLocator::getInstance()->get('aligate.aliexpress.journal');
    $lines = $journal->page($page->connection->id, $level, LogView::LINES, $before);
    $url = 'aligate_aliexpress_log.php?lang=' . LANGUAGE_ID . "&connection={$page->connection->id}";
    echo (new LogView($lines, $level, $url))->html();
}

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/epilog_admin.php';
