<?php

require_once __DIR__ . '/prolog_before.php';
