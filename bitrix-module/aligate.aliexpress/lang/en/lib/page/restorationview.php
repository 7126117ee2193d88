<?php

$MESS['ALIGATE_ALIEXPRESS_RESTORED_TITLE'] = 'The shop\'s database is older than what was sent: a backup was restored.';
$MESS['ALIGATE_ALIEXPRESS_RESTORED_TEXT'] = 'Sold-out stock and deletions wait, because the shop\'s data may be old; everything else goes on. Bring the shop\'s data up to date, start a full export, then confirm.';
$MESS['ALIGATE_ALIEXPRESS_RESTORED_EXPORT'] = 'Full export';
$MESS['ALIGATE_ALIEXPRESS_RESTORED_CONFIRM'] = 'The shop is right: send what waits';
