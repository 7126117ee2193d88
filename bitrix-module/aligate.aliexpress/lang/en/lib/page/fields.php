<?php

$MESS['ALIGATE_ALIEXPRESS_NOTHING_TO_CHOOSE'] = 'there is nothing to choose from';
