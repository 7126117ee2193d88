<?php

declare(strict_types=1);

// The first page: is everything fresh, is anything stuck, is the limit the bottleneck, will the consent end?

use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Page\AdminPage;
use Aligate\Aliexpress\Page\Fields;
use Aligate\Aliexpress\Page\OutboxView;
use Aligate\Aliexpress\Page\RestorationView;
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
$connection = $page->connection;
$outbox = ServiceLocator::getInstance()->get('aligate.aliexpress.outbox');
$restoration = ServiceLocator::getInstance()->get('aligate.aliexpress.restoration');
$request = Context::getCurrent()->getRequest();
if ($connection !== null && $request->isPost() && check_bitrix_sessid() && AdminPage::isAllowed('W')) {
    if ((string)$request->getPost('redrive_parked') !== '') {
        $outbox->redrive($connection->id);
    }
    if ((string)$request->getPost('confirm_restored') !== '') {
        $restoration->confirm($connection->id);
    }
    LocalRedirect('aligate_aliexpress_status.php?lang=' . LANGUAGE_ID . "&connection={$connection->id}");
}

$APPLICATION->SetTitle(Loc::getMessage('ALIGATE_ALIEXPRESS_STATUS_TITLE'));
require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_admin_after.php';

if ($connection === null) {
    echo AdminPage::invitation();
} else {
    echo $page->switcher('aligate_aliexpress_status.php');
    $noticedAt = $restoration->noticedAt($connection->id);
    echo RestorationView::html($connection->id, $noticedAt, AdminPage::isAllowed('W'), bitrix_sessid_post());
    $journal = ServiceLocator::getInstance()->get('aligate.aliexpress.journal');
    echo (new OutboxView($outbox->depth($connection->id), $outbox->parked($connection->id, 50), $journal->page($connection->id, null, 5)))
        ->html(AdminPage::isAllowed('W'), bitrix_sessid_post());
    echo '<h2>' . Fields::escaped(Loc::getMessage('ALIGATE_ALIEXPRESS_AT_GATEWAY')) . '</h2>';
    echo AdminPage::place('status', ['connection' => $connection->id, 'canAct' => AdminPage::isAllowed('W')], [
        'LOADING', 'NOT_OFFERED', 'AWAY', 'FRESH', 'FRESH_HINT', 'STUCK', 'STUCK_HINT', 'LIMIT', 'LIMIT_HINT', 'TOKEN',
        'TOKEN_OK', 'TOKEN_REFUSED', 'TOKEN_NONE', 'TOKEN_DAYS', 'CONSENT', 'LANE', 'LANE_STOCK', 'LANE_PRICE',
        'LANE_PRODUCT', 'LANE_FULFILMENT', 'LANE_ORDER', 'LANE_NOTICE', 'DUE', 'LEASED', 'AWAITING', 'PARKED', 'HELD',
        'DEAD', 'OLDEST', 'PAUSED', 'DEAD_LETTERS', 'DEAD_NONE', 'REASON', 'COUNT', 'KEYS', 'REDRIVE', 'REDRIVE_ALL',
        'DISCARD', 'DISCARD_SURE', 'REPLAY', 'REPLAY_HINT', 'REPLAY_PREVIEW', 'REPLAY_RUN', 'REPLAY_FOUND', 'REPLAY_DONE',
        'HOURS', 'ALL_LANES', 'OBSERVES', 'LISTINGS', 'SECONDS', 'MINUTES', 'HOURS_AGO', 'DAYS', 'GUARD', 'GUARD_HINT',
        'GUARD_CONFIRM', 'GUARD_CONFIRM_SURE', 'GUARD_DISCARD', 'VERSION', 'DONE', 'MORE',
    ]);
}

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/epilog_admin.php';
