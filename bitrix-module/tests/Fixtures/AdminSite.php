<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Fixtures;

use Aligate\Aliexpress\Tests\FakeKernel\Site;

/** The test's site behind a real web server on a free port, for a real browser. */
final class AdminSite
{
    private const START_SECS_MAX = 10;

    public readonly string $url;
    private readonly string $log;

    /** @var resource */
    private $process;

    public function __construct(Site $site)
    {
        $this->log = $site->root() . '/server.log';
        $environment = ['PHP_CLI_SERVER_WORKERS' => '4'] + $site->environment() + getenv();
        $command = [PHP_BINARY, '-d', 'memory_limit=512M', '-d', 'session.save_path=' . $site->root(), '-S', '127.0.0.1:0',
            dirname(__DIR__) . '/browser/router.php'];
        // A session of its own, so that the server ends with its workers.
        $process = proc_open(['setsid', ...$command], [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', $this->log, 'w']], $pipes, null, $environment);
        $this->process = is_resource($process) ? $process : throw new \RuntimeException('php -S does not start');
        $this->url = $this->startedUrl();
    }

    public function stop(): void
    {
        $status = proc_get_status($this->process);
        posix_kill(-$status['pid'], SIGKILL);
        proc_close($this->process);
    }

    /** What the server complained of, without its lines about requests. */
    public function complaints(): string
    {
        return implode("\n", preg_grep('/PHP (Warning|Notice|Deprecated|Fatal)|Uncaught/', file($this->log, FILE_IGNORE_NEW_LINES) ?: []) ?: []);
    }

    private function startedUrl(): string
    {
        $until = microtime(true) + self::START_SECS_MAX;
        do {
            if (preg_match('~\((http://127\.0\.0\.1:[0-9]+)\) started~', (string)file_get_contents($this->log), $parts) === 1) {
                return $parts[1];
            }
        } while (microtime(true) < $until && proc_get_status($this->process)['running']);
        $this->stop();
        throw new \RuntimeException('php -S does not listen: ' . file_get_contents($this->log));
    }
}
