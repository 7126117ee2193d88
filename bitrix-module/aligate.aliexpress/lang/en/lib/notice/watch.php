<?php

$MESS['ALIGATE_ALIEXPRESS_NOTICE_STUCK'] = 'AliExpress (#NAME#): changes have been stuck for #HOURS# h, waiting: #COUNT#. Look at the gateway and the agents.';
$MESS['ALIGATE_ALIEXPRESS_NOTICE_PARKED'] = 'AliExpress (#NAME#): not sent because of faults in the data: #COUNT#.';
$MESS['ALIGATE_ALIEXPRESS_NOTICE_REFUSED'] = 'AliExpress (#NAME#): the gateway refuses the shop: #WHY#';
$MESS['ALIGATE_ALIEXPRESS_NOTICE_TOKEN'] = 'AliExpress (#NAME#): access to AliExpress has ended, updates stand still. Give consent anew.';
$MESS['ALIGATE_ALIEXPRESS_NOTICE_TOKEN_ENDS'] = 'AliExpress (#NAME#): access to AliExpress ends in #DAYS# days. Give consent anew.';
$MESS['ALIGATE_ALIEXPRESS_NOTICE_HELD'] = 'AliExpress (#NAME#): suspicious changes held: #COUNT#. Confirm or discard them.';
$MESS['ALIGATE_ALIEXPRESS_NOTICE_DEAD'] = 'AliExpress (#NAME#): changes refused by AliExpress: #COUNT#.';
$MESS['ALIGATE_ALIEXPRESS_NOTICE_RESTORED'] = 'AliExpress (#NAME#): the shop was restored from a backup. Sold-out stock and deletions wait for your confirmation.';
