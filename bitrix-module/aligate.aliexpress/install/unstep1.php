<?php

if (!defined('B_PROLOG_INCLUDED') || B_PROLOG_INCLUDED !== true) {
    die();
}

use Bitrix\Main\Localization\Loc;

/** @var CMain $APPLICATION */
Loc::loadMessages(__DIR__ . '/index.php');
?>
<form action="<?= htmlspecialcharsbx($APPLICATION->GetCurPage()) ?>" method="post">
    <?= bitrix_sessid_post() ?>
    <input type="hidden" name="lang" value="<?= LANGUAGE_ID ?>">
    <input type="hidden" name="id" value="aligate.aliexpress">
    <input type="hidden" name="uninstall" value="Y">
    <input type="hidden" name="step" value="2">
    <p><?= Loc::getMessage('ALIGATE_ALIEXPRESS_UNINSTALL_EXPLAINED') ?></p>
    <p>
        <label>
            <input type="checkbox" name="savedata" value="Y" checked>
            <?= Loc::getMessage('ALIGATE_ALIEXPRESS_UNINSTALL_KEEP') ?>
        </label>
    </p>
    <input type="submit" value="<?= Loc::getMessage('ALIGATE_ALIEXPRESS_UNINSTALL_GO') ?>">
</form>
