<?php

$MESS['ALIGATE_ALIEXPRESS_TAB_GATEWAY'] = 'Gateway';
$MESS['ALIGATE_ALIEXPRESS_TAB_GATEWAY_TITLE'] = 'Connection to the aligate gateway';
$MESS['ALIGATE_ALIEXPRESS_TAB_CATALOG'] = 'Products';
$MESS['ALIGATE_ALIEXPRESS_TAB_CATALOG_TITLE'] = 'Which products go to AliExpress';
$MESS['ALIGATE_ALIEXPRESS_TAB_STOCK'] = 'Stock and prices';
$MESS['ALIGATE_ALIEXPRESS_TAB_STOCK_TITLE'] = 'Where stock and prices come from';
$MESS['ALIGATE_ALIEXPRESS_TAB_ORDERS'] = 'Orders';
$MESS['ALIGATE_ALIEXPRESS_TAB_ORDERS_TITLE'] = 'How AliExpress orders appear in the shop';
$MESS['ALIGATE_ALIEXPRESS_TAB_RIGHTS'] = 'Access';
$MESS['ALIGATE_ALIEXPRESS_TAB_RIGHTS_TITLE'] = 'Rights to the module';
$MESS['ALIGATE_ALIEXPRESS_SAVE'] = 'Save';
$MESS['ALIGATE_ALIEXPRESS_REMOVE'] = 'Remove the connection';
$MESS['ALIGATE_ALIEXPRESS_REMOVE_SURE'] = 'Remove the connection? Its unsent changes will be lost.';
$MESS['ALIGATE_ALIEXPRESS_SAVED'] = 'The settings are saved.';
$MESS['ALIGATE_ALIEXPRESS_NOT_SAVED'] = 'The settings are not saved: correct the marked fields.';
$MESS['ALIGATE_ALIEXPRESS_ADD'] = 'Add a connection';
