<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Main\Application;

/**
 * One hit after another within one PHP process.
 *
 * A new hit forgets what PHP forgets between requests: every static property of the fake kernel and, where asked,
 * of the module. The kernel's state that lives on is in the database alone.
 */
final class Hit
{
    /**
     * Ends nothing, begins anew: no handlers of the hit, no caches, an authorised administrator.
     *
     * @param array<string, string> $server values of `$_SERVER` of this hit
     */
    public static function start(array $server = [], array $query = [], array $post = [], ?string $body = null): void
    {
        self::disconnect();
        ErrorLog::clear();
        self::forget(dirname(__DIR__) . '/modules/');
        self::forget(dirname(__DIR__, 3) . '/' . Site::MODULE_ID . '/lib/');
        $_SERVER = $server + ['REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/', 'HTTP_HOST' => 'shop.example', 'SERVER_NAME' => 'shop.example',
            'SCRIPT_NAME' => '/index.php', 'PHP_SELF' => '/index.php', 'SCRIPT_FILENAME' => $_SERVER['DOCUMENT_ROOT'] . '/index.php']
            + array_diff_key($_SERVER, array_flip(['CONTENT_TYPE', 'CONTENT_LENGTH', 'QUERY_STRING', 'REMOTE_ADDR']));
        $_SERVER = array_filter(
            $_SERVER,
            static fn ($name): bool => !str_starts_with((string)$name, 'HTTP_') || isset($server[$name]) || $name === 'HTTP_HOST',
            ARRAY_FILTER_USE_KEY,
        );
        [$_GET, $_POST, $_REQUEST, $_FILES, $_COOKIE] = [$query, $post, $query + $post, [], []];
        $GLOBALS['ALIGATE_FAKE_KERNEL_INPUT'] = 'data://application/octet-stream;base64,' . base64_encode($body ?? '');
        $GLOBALS['APPLICATION'] = new \CMain();
        $GLOBALS['DB'] = new \CDatabase();
        $GLOBALS['USER'] = new \CUser();
        $GLOBALS['USER']->Authorize(1);
    }

    /** The end of a page with an epilogue: the response is out, then the background jobs and the agents run. */
    public static function end(): void
    {
        $application = Application::getInstance();
        $application->addBackgroundJob(\CAgent::CheckAgents(...), [], Application::JOB_PRIORITY_LOW);
        $application->terminate();
    }

    /** The end of a script with `die`: what was put off for the background is lost. */
    public static function die(): void
    {
        self::start();
    }

    /** The agents that are due, as cron runs them: nobody is authorised. */
    public static function cron(): void
    {
        \CAgent::ExecuteAgents();
    }

    private static function disconnect(): void
    {
        if (class_exists(Application::class, false) && Application::hasInstance()) {
            Application::getConnection()?->disconnect();
        }
    }

    private static function forget(string $folder): void
    {
        $folder = (string)realpath($folder);
        foreach (get_declared_classes() as $class) {
            $reflection = new \ReflectionClass($class);
            if ($folder === '' || $reflection->isInternal() || !str_starts_with((string)$reflection->getFileName(), $folder)) {
                continue;
            }
            foreach ($reflection->getProperties(\ReflectionProperty::IS_STATIC) as $property) {
                if ($property->getDeclaringClass()->name === $class && (!$property->isReadOnly())) {
                    $property->setAccessible(true);
                    $property->hasDefaultValue() && $property->setValue(null, $property->getDefaultValue());
                }
            }
        }
    }
}
