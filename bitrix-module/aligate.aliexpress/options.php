<?php

declare(strict_types=1);

// The settings page's body, inside of the admin section's layout: one connection at a time, and the rights.

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Page\Choices;
use Aligate\Aliexpress\Page\Fields;
use Aligate\Aliexpress\Page\SettingsForm;
use Aligate\Aliexpress\Page\SettingsPage;
use Bitrix\Main\Context;
use Bitrix\Main\Loader;
use Bitrix\Main\Localization\Loc;
use Bitrix\Main\Page\Asset;

if (!defined('B_PROLOG_INCLUDED') || B_PROLOG_INCLUDED !== true) {
    die();
}

/** @var CMain $APPLICATION */
// group_rights.php reads this name.
$module_id = 'aligate.aliexpress';
$right = CMain::GetGroupRight($module_id);
if ($right < 'R' || !Loader::includeModule($module_id)) {
    $APPLICATION->AuthForm(Loc::getMessage('ACCESS_DENIED'));
}
Loc::loadMessages(__FILE__);
Asset::getInstance()->addJs('/bitrix/js/aligate.aliexpress/admin.js');

$options = new ModuleOptions();
$connections = [];
foreach ($options->connections() as $one) {
    $connections[$one->id] = $one;
}
$request = Context::getCurrent()->getRequest();
$id = (int)$request->get('connection');
if (!isset($connections[$id])) {
    $id = $request->get('connection') === 'new' || $connections === [] ? $options->nextConnectionId() : (int)array_key_first($connections);
}
$isNew = !isset($connections[$id]);
$present = $connections[$id] ?? Connection::fromArray(['id' => $id]);
$page = 'settings.php?mid=' . urlencode($module_id) . '&lang=' . LANGUAGE_ID . '&mid_menu=1';
$faults = [];

if ($request->isPost() && $right >= 'W' && check_bitrix_sessid()) {
    if ((string)$request->getPost('remove') !== '' && !$isNew) {
        unset($connections[$id]);
        $options->saveConnections(array_values($connections));
        LocalRedirect($page);
    }
    if ((string)$request->getPost('save') !== '' || (string)$request->getPost('apply') !== '') {
        $form = SettingsForm::read($request->getPostList()->toArray(), $id, $isNew ? null : $present);
        $present = $form->connection;
        $faults = $form->faults;
        if ($faults === []) {
            $options->saveConnections(array_values([$id => $present] + $connections));
            // The rights tab saves itself with the names that it expects.
            $Update = 'Y';
            ob_start();
            require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/admin/group_rights.php';
            ob_end_clean();
            LocalRedirect("$page&connection=$id&saved=Y");
        }
    }
}

if ($request->get('saved') === 'Y') {
    CAdminMessage::ShowNote(Loc::getMessage('ALIGATE_ALIEXPRESS_SAVED'));
}
if ($faults !== []) {
    CAdminMessage::ShowMessage(Loc::getMessage('ALIGATE_ALIEXPRESS_NOT_SAVED'));
}

$tabs = new CAdminTabControl('aligate_aliexpress_settings', [
    ['DIV' => 'gateway', 'TAB' => Loc::getMessage('ALIGATE_ALIEXPRESS_TAB_GATEWAY'), 'TITLE' => Loc::getMessage('ALIGATE_ALIEXPRESS_TAB_GATEWAY_TITLE')],
    ['DIV' => 'catalog', 'TAB' => Loc::getMessage('ALIGATE_ALIEXPRESS_TAB_CATALOG'), 'TITLE' => Loc::getMessage('ALIGATE_ALIEXPRESS_TAB_CATALOG_TITLE')],
    ['DIV' => 'stock', 'TAB' => Loc::getMessage('ALIGATE_ALIEXPRESS_TAB_STOCK'), 'TITLE' => Loc::getMessage('ALIGATE_ALIEXPRESS_TAB_STOCK_TITLE')],
    ['DIV' => 'orders', 'TAB' => Loc::getMessage('ALIGATE_ALIEXPRESS_TAB_ORDERS'), 'TITLE' => Loc::getMessage('ALIGATE_ALIEXPRESS_TAB_ORDERS_TITLE')],
    ['DIV' => 'rights', 'TAB' => Loc::getMessage('ALIGATE_ALIEXPRESS_TAB_RIGHTS'), 'TITLE' => Loc::getMessage('ALIGATE_ALIEXPRESS_TAB_RIGHTS_TITLE')],
]);
$endpoint = ($request->isHttps() ? 'https' : 'http') . '://' . $request->getHttpHost()
    . "/bitrix/services/main/ajax.php?action=aligate:aliexpress.event.take&connection=$id";
$settings = new SettingsPage($present, new Choices(), $endpoint, $faults);
?>
<p>
    <?php foreach ($connections as $one) { ?>
        <a href="<?= Fields::escaped("$page&connection={$one->id}") ?>"<?= $one->id === $id ? ' style="font-weight:bold"' : '' ?>><?= Fields::escaped($one->name) ?></a> |
    <?php } ?>
    <a href="<?= Fields::escaped("$page&connection=new") ?>"<?= $isNew ? ' style="font-weight:bold"' : '' ?>><?= Fields::escaped(Loc::getMessage('ALIGATE_ALIEXPRESS_ADD')) ?></a>
</p>
<form method="post" action="<?= Fields::escaped("$page&connection=" . ($isNew ? 'new' : $id)) ?>" autocomplete="off">
    <?= bitrix_sessid_post() ?>
    <?php
    $tabs->Begin();
    $tabs->BeginNextTab();
    echo $settings->gatewayTab();
    $tabs->BeginNextTab();
    echo $settings->catalogTab();
    $tabs->BeginNextTab();
    echo $settings->stockTab();
    $tabs->BeginNextTab();
    echo $settings->ordersTab();
    $tabs->BeginNextTab();
    require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/admin/group_rights.php';
    $tabs->Buttons();
    ?>
    <input type="submit" name="apply" class="adm-btn-save" value="<?= Fields::escaped(Loc::getMessage('ALIGATE_ALIEXPRESS_SAVE')) ?>"<?= $right < 'W' ? ' disabled' : '' ?>>
    <?php if (!$isNew) { ?>
        <input type="submit" name="remove" value="<?= Fields::escaped(Loc::getMessage('ALIGATE_ALIEXPRESS_REMOVE')) ?>" onclick="return confirm('<?= CUtil::JSEscape(Loc::getMessage('ALIGATE_ALIEXPRESS_REMOVE_SURE')) ?>')"<?= $right < 'W' ? ' disabled' : '' ?>>
    <?php } ?>
    <?php $tabs->End(); ?>
</form>
