<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

/**
 * A MariaDB of the tests' own: a temporary folder, a socket, no network; gone when the process ends.
 *
 * Where the environment names a socket of one that runs already, that one is used: a PHP process that a test
 * starts works on the database of the test.
 */
final class MariaDb
{
    private const SOCKET_VARIABLE = 'ALIGATE_TEST_MARIADB_SOCKET';
    private const START_TRIES_MAX = 600;
    private const INSTALL_TRIES_MAX = 2;

    private static ?self $instance = null;

    /** @param resource|null $process */
    private function __construct(public readonly string $socket, private ?string $folder = null, private $process = null)
    {
    }

    public static function get(): self
    {
        return self::$instance ??= self::running() ?? self::start();
    }

    private static function running(): ?self
    {
        $socket = (string)getenv(self::SOCKET_VARIABLE);
        return $socket === '' ? null : new self($socket);
    }

    /** What a child process needs in its environment. */
    public function environment(): array
    {
        return [self::SOCKET_VARIABLE => $this->socket];
    }

    private static function start(): self
    {
        $asUser = function_exists('posix_geteuid') && posix_geteuid() === 0 ? ' --user=root' : '';
        $folder = self::install($asUser);
        $command = "exec mariadbd --no-defaults --datadir=$folder/data --socket=$folder/socket --pid-file=$folder/pid --skip-networking"
            . ' --skip-name-resolve --skip-log-bin --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-buffer-pool-size=128M'
            . ' --innodb-log-file-size=64M --innodb-use-native-aio=0 --innodb-flush-method=nosync --sync-frm=0'
            . " --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci$asUser > $folder/server.log 2>&1";
        $process = proc_open($command, [], $pipes);
        $server = new self("$folder/socket", $folder, $process);
        $owner = getmypid();
        register_shutdown_function(static function () use ($server, $owner): void {
            getmypid() === $owner && $server->stop();
        });
        $server->awaitReadiness();
        return $server;
    }

    /** The program that makes the tables of a new server crashes now and then; it is started once more. */
    private static function install(string $asUser): string
    {
        for ($try = 1; true; $try++) {
            $folder = self::temporaryFolder();
            $isInstalled = self::quietly("mariadb-install-db --no-defaults --datadir=$folder/data --auth-root-authentication-method=normal"
                . " --skip-test-db$asUser > $folder/install.log 2>&1");
            if ($isInstalled) {
                return $folder;
            }
            $log = (string)file_get_contents("$folder/install.log");
            self::quietly('rm -rf ' . escapeshellarg($folder));
            $try < self::INSTALL_TRIES_MAX || throw new \RuntimeException("mariadb-install-db failed: $log");
        }
    }

    private static function temporaryFolder(): string
    {
        $base = is_writable('/dev/shm') ? '/dev/shm' : sys_get_temp_dir();
        $folder = $base . '/aligate-mariadb-' . bin2hex(random_bytes(6));
        mkdir($folder, 0700);
        return $folder;
    }

    private static function quietly(string $command): bool
    {
        exec($command, $output, $status);
        return $status === 0;
    }

    private function awaitReadiness(): void
    {
        mysqli_report(MYSQLI_REPORT_OFF);
        for ($try = 0; $try < self::START_TRIES_MAX; $try++) {
            $link = @mysqli_connect('localhost', 'root', '', '', 0, $this->socket);
            if ($link !== false) {
                mysqli_close($link);
                return;
            }
            if (!proc_get_status($this->process)['running']) {
                break;
            }
            usleep(50_000);
        }
        throw new \RuntimeException('MariaDB did not start: ' . file_get_contents("{$this->folder}/server.log"));
    }

    public function stop(): void
    {
        if (is_resource($this->process)) {
            proc_terminate($this->process, SIGKILL);
            proc_close($this->process);
            $this->process = null;
        }
        if ($this->folder !== null) {
            self::quietly('rm -rf ' . escapeshellarg($this->folder));
            $this->folder = null;
        }
    }
}
