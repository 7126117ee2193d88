<?php

declare(strict_types=1);

// For shops with cron: `* * * * * php -f <document root>/local/modules/aligate.aliexpress/tools/send.php -- --seconds=55`.
// Sends what waits in the outbox; does not need anybody on the site, and ends by itself. `--help` tells the rest.

use Aligate\Aliexpress\Console\SendOutboxCommand;
use Bitrix\Main\Loader;

if (PHP_SAPI !== 'cli') {
    exit;
}

// <document root>/(local|bitrix)/modules/aligate.aliexpress/tools, by the path that was called: the folder may be a link.
$script = (string)($_SERVER['SCRIPT_FILENAME'] ?? __FILE__);
$script = str_starts_with($script, '/') ? $script : getcwd() . '/' . $script;
$_SERVER['DOCUMENT_ROOT'] = rtrim((string)getenv('DOCUMENT_ROOT'), '/') ?: dirname($script, 5);
foreach (['NO_KEEP_STATISTIC', 'NOT_CHECK_PERMISSIONS', 'BX_NO_ACCELERATOR_RESET', 'NO_AGENT_CHECK'] as $name) {
    define($name, true);
}

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_before.php';

// The kernel ends with code 0 even after an exception that nobody caught.
$code = 1;
try {
    if (Loader::includeModule('aligate.aliexpress')) {
        $code = (new SendOutboxCommand(STDOUT, STDERR))->run(array_slice($argv, 1));
    } else {
        fwrite(STDERR, "the module aligate.aliexpress is not installed\n");
    }
} catch (Throwable $error) {
    fwrite(STDERR, $error::class . ' in ' . basename($error->getFile()) . ':' . $error->getLine() . "\n");
}

exit($code);
