<?php

$MESS['ALIGATE_ALIEXPRESS_EXPORT_TITLE'] = 'AliExpress: full export';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_HINT'] = 'Every product, stock and price of the connection is queued to be sent. The tab may be closed: the export goes on by itself.';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_IBLOCK'] = 'Infoblock:';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_ALL'] = 'all';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_SECTION'] = 'Section (ID):';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_SECTION_HINT'] = 'with those below it; 0: the whole infoblock';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_FORCE'] = 'Send even what AliExpress already has';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_FORCE_HINT'] = 'Needed where something was changed on AliExpress by hand.';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_START'] = 'Start';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_CANCEL'] = 'Stop';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_RUNNING'] = '#DONE# of #TOTAL# products queued.';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_DONE'] = 'Done: #DONE# products queued.';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_CANCELLED'] = 'Stopped at #DONE# of #TOTAL#.';
$MESS['ALIGATE_ALIEXPRESS_EXPORT_AWAY'] = 'The export goes on by itself when the connection is back.';
$MESS['ALIGATE_ALIEXPRESS_NOT_OFFERED'] = 'This version of the gateway does not offer it: update the gateway.';
$MESS['ALIGATE_ALIEXPRESS_AWAY'] = 'It failed:';
