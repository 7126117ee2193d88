<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Fixtures;

use Aligate\Aliexpress\Tests\FakeKernel\Site;

/** The site of a test over HTTP, by PHP's own server with several workers; it may be killed and comes back at its address. */
final class ShopServer
{
    private const WORKERS = 4;
    private const START_SECS_MAX = 30;

    public readonly string $url;
    private readonly string $address;
    /** @var resource|null */
    private $process = null;

    public function __construct(private readonly Site $site)
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $this->address = (string)stream_socket_get_name($socket, false);
        fclose($socket);
        $this->url = "http://{$this->address}/bitrix/services/main/ajax.php?action=aligate:aliexpress.event.take&connection=1";
        $owner = getmypid();
        register_shutdown_function(fn () => getmypid() === $owner && $this->kill());
    }

    public function open(): void
    {
        $environment = ['PHP_CLI_SERVER_WORKERS' => (string)self::WORKERS] + $this->site->environment() + getenv();
        $log = ['file', "{$this->site->root()}/server.log", 'a'];
        // A session of its own, so that its workers go with it.
        $command = ['setsid', PHP_BINARY, '-d', 'opcache.enable_cli=1', '-S', $this->address, '-t', $this->site->root(),
            dirname(__DIR__) . '/kernel/harness/web.php'];
        $this->process = proc_open($command, [0 => ['file', '/dev/null', 'r'], 1 => $log, 2 => $log], $pipes, null, $environment);
        $until = microtime(true) + self::START_SECS_MAX;
        while (($connection = @stream_socket_client("tcp://{$this->address}", $code, $message, 1)) === false) {
            microtime(true) < $until || throw new \RuntimeException('the shop does not answer: ' . file_get_contents("{$this->site->root()}/server.log"));
            usleep(10_000);
        }
        fclose($connection);
    }

    /** All of it at once, whatever its workers do. */
    public function kill(): void
    {
        if ($this->process !== null) {
            $id = proc_get_status($this->process)['pid'];
            posix_kill(-$id, SIGKILL);
            proc_close($this->process);
            $this->process = null;
        }
    }

    /** Whether any of its processes is left. */
    public function isAlive(): bool
    {
        $connection = @stream_socket_client("tcp://{$this->address}", $code, $message, 5);
        $connection === false || fclose($connection);

        return $connection !== false;
    }

    /** Workers that died do not come back by themselves. */
    public function restart(): void
    {
        $this->kill();
        $this->open();
    }
}
