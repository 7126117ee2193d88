<?php

// The frame of an admin page: what its scripts need of the kernel's own (`BX.ajax.runAction`), and a plain look.

use Bitrix\Main\Page\Asset;

?><!doctype html>
<html lang="<?= LANGUAGE_ID ?>">
<head>
<meta charset="utf-8">
<title><?= htmlspecialcharsbx($GLOBALS['APPLICATION']->GetTitle()) ?></title>
<style>
body { margin: 20px 28px; background: #eef2f4; color: #3f4b54; font: 13px "Open Sans", Arial, sans-serif; }
#adm-workarea { padding: 16px 20px; background: #fff; }
table.internal { border-collapse: collapse; } table.internal td { padding: 6px 8px; border: 1px solid #dce7ed; }
input[type=button], input[type=submit] { padding: 5px 12px; border: 1px solid #b5bdc2; border-radius: 4px; background: #e9eef0; font-weight: bold; cursor: pointer; }
input.adm-btn-save { border-color: #6b9c00; background: #86ad00; color: #fff; }
input[disabled] { opacity: .5; }
</style>
<script>
var BX = {ajax: {runAction: function (action, config) {
    function parts(prefix, value, form) {
        if (value !== null && typeof value === 'object') {
            Object.keys(value).forEach(function (key) { parts(prefix ? prefix + '[' + key + ']' : key, value[key], form); });
        } else {
            form.append(prefix, value === null || value === undefined ? '' : String(value));
        }
        return form;
    }
    var form = parts('', config.data || {}, new URLSearchParams());
    form.append('sessid', '<?= bitrix_sessid() ?>');
    return fetch('/bitrix/services/main/ajax.php?action=' + encodeURIComponent(action), {method: 'POST', body: form, credentials: 'same-origin'})
        .then(function (response) { return response.json(); })
        .then(function (answer) { if (answer.status !== 'success') { throw answer; } return answer; });
}}};
</script>
<?= Asset::getInstance()->getCss() . Asset::getInstance()->getJs() ?>
</head>
<body>
<h1><?= htmlspecialcharsbx($GLOBALS['APPLICATION']->GetTitle()) ?></h1>
<div id="adm-workarea">
