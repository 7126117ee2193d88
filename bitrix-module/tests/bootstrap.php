<?php

declare(strict_types=1);

// Loads classes as the kernel does: the namespace after the module's own, in lower case, is the path under `lib/`.
spl_autoload_register(static function (string $class): void {
    $module = 'Aligate\\Aliexpress\\';
    if (!str_starts_with($class, $module)) {
        return;
    }
    $path = strtolower(str_replace('\\', '/', substr($class, strlen($module))));
    $file = dirname(__DIR__) . "/aligate.aliexpress/lib/$path.php";
    if (is_file($file)) {
        require_once $file;
    }
});
