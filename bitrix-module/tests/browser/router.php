<?php

declare(strict_types=1);

// The router of `php -S`: the fake kernel's site as a web server shows it. Admin pages, `ajax.php`, files of /bitrix/js.
// `lang` of the page's address is the language; the user is an administrator, or the one that the cookie `user` names.

use Aligate\Aliexpress\Tests\FakeKernel\Ajax;
use Aligate\Aliexpress\Tests\FakeKernel\Hit;
use Aligate\Aliexpress\Tests\FakeKernel\HitEnded;

session_start();
$path = (string)parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$root = (string)getenv('ALIGATE_TEST_DOCUMENT_ROOT');
if (preg_match('~\A/bitrix/js/[a-z./-]+\.(js|css)\z~', $path, $found) === 1 && is_file($root . $path)) {
    header('Content-Type: ' . ($found[1] === 'js' ? 'text/javascript' : 'text/css'));
    readfile($root . $path);

    return;
}
define('LANGUAGE_ID', ($_GET['lang'] ?? '') === 'en' ? 'en' : 'ru');
$user = (int)($_COOKIE['user'] ?? 1);
[$server, $query, $post] = [$_SERVER, $_GET, $_POST];
require dirname(__DIR__) . '/bootstrap.php';
require dirname(__DIR__) . '/kernel/bootstrap.php';

if ($path === '/bitrix/services/main/ajax.php') {
    preg_match('/\Aaligate:aliexpress\.([a-z]+)\.([a-z]+)\z/i', (string)($query['action'] ?? ''), $named);
    $controller = 'Aligate\\Aliexpress\\Controller\\' . ucfirst($named[1] ?? '');
    if (!class_exists($controller)) {
        http_response_code(404);

        return;
    }
    $response = Ajax::call($controller, $named[2], $query, $post, user: $user);
    header('Content-Type: application/json');
    http_response_code((int)$response->getStatus() ?: 200);
    echo $response->getContent();

    return;
}
if (preg_match('~\A/bitrix/admin/(aligate_aliexpress_[a-z]+\.php)\z~', $path, $found) !== 1) {
    http_response_code(404);

    return;
}
Hit::start(['REQUEST_METHOD' => $server['REQUEST_METHOD'], 'REQUEST_URI' => $server['REQUEST_URI'], 'HTTP_HOST' => $server['HTTP_HOST']], $query, $post);
$GLOBALS['USER']->Authorize($user);
try {
    require "$root/bitrix/admin/$found[1]";
} catch (HitEnded $ended) {
    echo htmlspecialchars($ended->getMessage());
}
