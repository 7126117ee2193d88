<?php

$MESS['ALIGATE_ALIEXPRESS_NOT_CONNECTED'] = 'The shop is not connected to a gateway yet.';
$MESS['ALIGATE_ALIEXPRESS_TO_SETTINGS'] = 'Go to the settings';
