<?php

// The page lies with the module, in /local or in /bitrix.
require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_admin_before.php';
require $_SERVER['DOCUMENT_ROOT'] . getLocalPath('modules/aligate.aliexpress/admin/listings.php');
