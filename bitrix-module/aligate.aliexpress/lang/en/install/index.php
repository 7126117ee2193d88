<?php

$MESS['ALIGATE_ALIEXPRESS_MODULE_NAME'] = 'AliExpress: event-driven exchange (aligate)';
$MESS['ALIGATE_ALIEXPRESS_MODULE_DESCRIPTION'] = 'Reports every change of products, prices, stock and orders to the aligate gateway, which keeps AliExpress equal to the shop within seconds, and takes AliExpress orders into the shop.';
$MESS['ALIGATE_ALIEXPRESS_INSTALL_TITLE'] = 'Installation of the AliExpress module';
$MESS['ALIGATE_ALIEXPRESS_INSTALLED'] = 'The module is installed.';
$MESS['ALIGATE_ALIEXPRESS_INSTALLED_NEXT'] = 'Next: enter the address of your gateway and its secret, and choose what is sold on AliExpress.';
$MESS['ALIGATE_ALIEXPRESS_TO_SETTINGS'] = 'To the settings';
$MESS['ALIGATE_ALIEXPRESS_UNINSTALL_TITLE'] = 'Removal of the AliExpress module';
$MESS['ALIGATE_ALIEXPRESS_UNINSTALL_EXPLAINED'] = 'The module stops reporting changes. Orders that came from AliExpress stay in the shop in any case.';
$MESS['ALIGATE_ALIEXPRESS_UNINSTALL_KEEP'] = 'Keep the settings and the data of the exchange for a later installation';
$MESS['ALIGATE_ALIEXPRESS_UNINSTALL_GO'] = 'Remove';
$MESS['ALIGATE_ALIEXPRESS_RIGHT_D'] = 'no access';
$MESS['ALIGATE_ALIEXPRESS_RIGHT_R'] = 'sees the state and the log';
$MESS['ALIGATE_ALIEXPRESS_RIGHT_W'] = 'changes the settings and starts exports';
$MESS['ALIGATE_ALIEXPRESS_FAULT_PHP'] = 'The module needs PHP #MIN# or newer; this site runs PHP #VERSION#.';
$MESS['ALIGATE_ALIEXPRESS_FAULT_DATABASE'] = 'The module works with MySQL and MariaDB only; the database of this site is of the type "#TYPE#".';
$MESS['ALIGATE_ALIEXPRESS_FAULT_KERNEL'] = 'The module needs the main module #MIN# or newer; this site has version #VERSION#. Update the site first.';
$MESS['ALIGATE_ALIEXPRESS_FAULT_MODULE'] = 'The module needs the module "#MODULE#", which is not installed.';
$MESS['ALIGATE_ALIEXPRESS_FAULT_EXTENSION'] = 'The module needs the PHP extension "#EXTENSION#", which is not loaded.';
$MESS['ALIGATE_ALIEXPRESS_FAULT_FAILED'] = 'It was broken off: #REASON#';
