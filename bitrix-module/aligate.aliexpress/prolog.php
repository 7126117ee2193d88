<?php

define('ADMIN_MODULE_NAME', 'aligate.aliexpress');
