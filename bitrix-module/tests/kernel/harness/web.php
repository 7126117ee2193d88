<?php

declare(strict_types=1);

// The site over HTTP, for PHP's own server: php -S 127.0.0.1:8080 tests/kernel/harness/web.php, with the environment of
// `Site::environment()`. It knows `/bitrix/services/main/ajax.php?action=aligate:aliexpress.<controller>.<action>`.
//
// A file in the site's folder `deaths`, named as an event is (with letters after a dot), kills the process that takes it at that event:
// `answer` right before it answers. The file of a request that saw no such event is put back.

use Aligate\Aliexpress\Tests\FakeKernel\Hit;
use Aligate\Aliexpress\Tests\FakeKernel\Site;
use Bitrix\Main\Engine\Controller;
use Bitrix\Main\EventManager;
use Bitrix\Main\HttpResponse;
use Bitrix\Main\Loader;

// The kernel's start begins a hit of its own, without a request.
$request = [$_SERVER, $_GET, $_POST, (string)file_get_contents('php://input')];
require dirname(__DIR__) . '/bootstrap.php';

Hit::start(...$request);
$GLOBALS['USER']->Logout();
$site = Site::boot();
$die = static fn () => posix_kill(getmypid(), SIGKILL);
$death = null;
foreach ((array)glob("{$site->root()}/deaths/*") as $file) {
    if (@unlink($file)) {
        $death = (string)$file;
        break;
    }
}
$event = $death === null ? '' : strtr(explode('.', basename($death))[0], ['~' => '\\']);
if ($death !== null && $event !== 'answer') {
    // The catalogue's events are heard where an order is saved alone: other hits change stock, too.
    EventManager::getInstance()->addEventHandler(str_starts_with($event, 'OnSale') ? 'sale' : 'catalog', $event, $die);
}
preg_match('/^aligate:aliexpress\.(\w+)\.(\w+)$/', (string)($_GET['action'] ?? ''), $found);
$class = 'Aligate\\Aliexpress\\Controller\\' . ucfirst($found[1] ?? '');
$isKnown = Loader::includeModule(Site::MODULE_ID) && class_exists($class) && is_subclass_of($class, Controller::class);
$answer = $isKnown ? (new $class())->run($found[2], [$_POST, $_GET]) : null;
if ($event === 'answer') {
    $die();
}
$death === null || touch($death);
$response = $answer instanceof HttpResponse ? $answer : (new HttpResponse())->setStatus($isKnown ? 403 : 404)->setContent('');
$response->send();
Hit::end();
