<?php

if (!defined('B_PROLOG_INCLUDED') || B_PROLOG_INCLUDED !== true) {
    die();
}

use Bitrix\Main\Localization\Loc;

Loc::loadMessages(__DIR__ . '/index.php');
CAdminMessage::ShowNote(Loc::getMessage('ALIGATE_ALIEXPRESS_INSTALLED'));
?>
<p><?= Loc::getMessage('ALIGATE_ALIEXPRESS_INSTALLED_NEXT') ?></p>
<form action="/bitrix/admin/settings.php" method="get">
    <input type="hidden" name="lang" value="<?= LANGUAGE_ID ?>">
    <input type="hidden" name="mid" value="aligate.aliexpress">
    <input type="submit" class="adm-btn-save" value="<?= Loc::getMessage('ALIGATE_ALIEXPRESS_TO_SETTINGS') ?>">
</form>
