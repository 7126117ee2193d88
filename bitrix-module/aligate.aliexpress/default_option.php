<?php

// What `Option::get` answers where nothing was saved. Only `lib/moduleoptions.php` reads these.
$aligate_aliexpress_default_option = [
    'connections' => '[]',
    'schema_version' => '0',
    'drain_after_hit' => 'Y',
    'drain_secs' => '15',
    'batch_events' => '500',
    'batch_bytes' => '1048576',
    'connect_timeout_ms' => '3000',
    'timeout_ms' => '15000',
    'sweep_page' => '500',
    'sweep_secs' => '10',
    'sweep_every_secs' => '600',
    'log_days' => '14',
];
