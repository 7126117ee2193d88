<?php

$MESS['ALIGATE_ALIEXPRESS_NOTHING_TO_CHOOSE'] = 'выбирать не из чего';
