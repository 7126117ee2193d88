<?php

declare(strict_types=1);

// The fake kernel: what `prolog_before.php` is to a script of the shop. Tests extend KernelTestCase, which includes this file;
// a PHP process that a test starts includes it with the environment of `Site::environment()`.

use Aligate\Aliexpress\Tests\FakeKernel\Hit;
use Aligate\Aliexpress\Tests\FakeKernel\Site;

$constants = ['B_PROLOG_INCLUDED' => true, 'SITE_ID' => 's1', 'LANGUAGE_ID' => 'ru', 'SITE_CHARSET' => 'UTF-8', 'SM_VERSION' => '25.550.100',
    'BX_ROOT' => '/bitrix', 'BX_PERSONAL_ROOT' => '/bitrix'];
foreach ($constants as $name => $value) {
    defined($name) || define($name, $value);
}
spl_autoload_register(static function (string $class): void {
    $harness = 'Aligate\\Aliexpress\\Tests\\FakeKernel\\';
    if (str_starts_with($class, $harness)) {
        $file = __DIR__ . '/harness/' . str_replace('\\', '/', substr($class, strlen($harness))) . '.php';
        is_file($file) && require_once $file;
        return;
    }
    $lower = strtolower($class);
    if (str_starts_with($lower, 'bitrix\\main\\entity\\')) {
        \Aligate\Aliexpress\Tests\FakeKernel\Aliases::load($class);
        return;
    }
    $file = str_starts_with($lower, 'bitrix\\main\\')
        ? __DIR__ . '/modules/main/lib/' . str_replace('\\', '/', substr($lower, strlen('bitrix\\main\\'))) . '.php'
        : __DIR__ . "/modules/main/classes/$lower.php";
    is_file($file) && require_once $file;
});
require_once __DIR__ . '/modules/main/tools.php';
spl_autoload_register([\Bitrix\Main\Loader::class, 'autoLoad']);

Site::boot();
getenv('ALIGATE_TEST_DOCUMENT_ROOT') === false || Hit::start();
