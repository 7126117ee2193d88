<?php

declare(strict_types=1);

// What the module had to say, newest first.

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Log\Level;
use Aligate\Aliexpress\Page\AdminPage;
use Aligate\Aliexpress\Page\LogView;
use Bitrix\Main\Context;
use Bitrix\Main\DI\ServiceLocator;
use Bitrix\Main\Loader;

if (!defined('B_PROLOG_INCLUDED') || B_PROLOG_INCLUDED !== true || !Loader::includeModule('aligate.aliexpress')) {
    die();
}

$page = AdminPage::open(__FILE__, 'log');
$request = Context::getCurrent()->getRequest();
$level = Level::tryFrom((string)$request->get('level'));
$before = (int)$request->get('before');

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_admin_after.php';

echo $page->body(static function (Connection $connection) use ($page, $level, $before): string {
    $journal = ServiceLocator::getInstance()->get('aligate.aliexpress.journal');

    return (new LogView($journal->page($connection->id, $level, LogView::LINES, $before), $level, $page->url()))->html();
});

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/epilog_admin.php';
