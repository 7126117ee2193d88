<?php

declare(strict_types=1);

// The first page: is everything fresh, is anything stuck, is the limit the bottleneck, will the consent end?

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Page\AdminPage;
use Aligate\Aliexpress\Page\Fields;
use Aligate\Aliexpress\Page\OutboxView;
use Aligate\Aliexpress\Page\RestorationView;
use Bitrix\Main\Context;
use Bitrix\Main\DI\ServiceLocator;
use Bitrix\Main\Loader;
use Bitrix\Main\Localization\Loc;

if (!defined('B_PROLOG_INCLUDED') || B_PROLOG_INCLUDED !== true || !Loader::includeModule('aligate.aliexpress')) {
    die();
}

$page = AdminPage::open(__FILE__, 'status');
$outbox = ServiceLocator::getInstance()->get('aligate.aliexpress.outbox');
$restoration = ServiceLocator::getInstance()->get('aligate.aliexpress.restoration');
$request = Context::getCurrent()->getRequest();
if ($page->connection !== null && $request->isPost() && check_bitrix_sessid() && AdminPage::isAllowed('W')) {
    if ((string)$request->getPost('redrive_parked') !== '') {
        $outbox->redrive($page->connection->id);
    }
    if ((string)$request->getPost('confirm_restored') !== '') {
        $restoration->confirm($page->connection->id);
    }
    LocalRedirect($page->url());
}

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_admin_after.php';

echo $page->body(static function (Connection $connection) use ($outbox, $restoration): string {
    $mayAct = AdminPage::isAllowed('W');
    $lines = ServiceLocator::getInstance()->get('aligate.aliexpress.journal')->page($connection->id, null, 5);
    $view = new OutboxView($outbox->depth($connection->id), $outbox->parked($connection->id, 50), $lines);

    return RestorationView::html($connection->id, $restoration->noticedAt($connection->id), $mayAct, bitrix_sessid_post())
        . $view->html($mayAct, bitrix_sessid_post())
        . '<h2>' . Fields::escaped(Loc::getMessage('ALIGATE_ALIEXPRESS_AT_GATEWAY')) . '</h2>'
        . AdminPage::place('status', ['connection' => $connection->id, 'canAct' => $mayAct], [
            'LOADING', 'NOT_OFFERED', 'AWAY', 'FRESH', 'FRESH_HINT', 'STUCK', 'STUCK_HINT', 'LIMIT', 'LIMIT_HINT', 'TOKEN',
            'TOKEN_OK', 'TOKEN_REFUSED', 'TOKEN_NONE', 'TOKEN_DAYS', 'CONSENT', 'LANE', 'LANE_STOCK', 'LANE_PRICE',
            'LANE_PRODUCT', 'LANE_FULFILMENT', 'LANE_ORDER', 'LANE_NOTICE', 'DUE', 'LEASED', 'AWAITING', 'PARKED', 'HELD',
            'DEAD', 'OLDEST', 'PAUSED', 'DEAD_LETTERS', 'DEAD_NONE', 'REASON', 'COUNT', 'KEYS', 'REDRIVE', 'REDRIVE_ALL',
            'DISCARD', 'DISCARD_SURE', 'REPLAY', 'REPLAY_HINT', 'REPLAY_PREVIEW', 'REPLAY_RUN', 'REPLAY_FOUND', 'REPLAY_DONE',
            'HOURS', 'ALL_LANES', 'OBSERVES', 'LISTINGS', 'SECONDS', 'MINUTES', 'HOURS_AGO', 'DAYS', 'GUARD', 'GUARD_HINT',
            'GUARD_CONFIRM', 'GUARD_CONFIRM_SURE', 'GUARD_DISCARD', 'VERSION', 'DONE', 'MORE',
        ]);
});

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/epilog_admin.php';
