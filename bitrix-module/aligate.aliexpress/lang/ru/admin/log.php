<?php

$MESS['ALIGATE_ALIEXPRESS_LOG_TITLE'] = 'AliExpress: журнал';
