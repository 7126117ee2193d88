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

// The harness of the fake kernel; `KernelTestCase` brings the kernel itself.
spl_autoload_register(static function (string $class): void {
    $harness = 'Aligate\\Aliexpress\\Tests\\FakeKernel\\';
    if (str_starts_with($class, $harness)) {
        $file = __DIR__ . '/kernel/harness/' . str_replace('\\', '/', substr($class, strlen($harness))) . '.php';
        is_file($file) && require_once $file;
    }
});

// The checks of code against the kernel's facts.
spl_autoload_register(static function (string $class): void {
    $checks = 'Aligate\\Aliexpress\\Tests\\Ast\\';
    if (str_starts_with($class, $checks) && is_file($file = __DIR__ . '/ast/' . substr($class, strlen($checks)) . '.php')) {
        require_once $file;
    }
});

// What the tests of the fake kernel share.
spl_autoload_register(static function (string $class): void {
    $shared = 'Aligate\\Aliexpress\\Tests\\Kernel\\';
    if (str_starts_with($class, $shared) && is_file($file = __DIR__ . '/Kernel/' . substr($class, strlen($shared)) . '.php')) {
        require_once $file;
    }
});
