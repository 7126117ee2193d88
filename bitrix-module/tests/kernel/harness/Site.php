<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

/**
 * A site of the fake kernel: a document root with the module under `local/modules`, a database with the kernel's tables.
 *
 * `fresh()` brings it back to the state after an installation: own rows only, no handlers, a new hit.
 */
final class Site
{
    public const MODULE_ID = 'aligate.aliexpress';
    private const KERNEL_MODULES = ['main', 'iblock', 'currency', 'catalog', 'sale', 'highloadblock'];
    private const ROOT_VARIABLE = 'ALIGATE_TEST_DOCUMENT_ROOT';
    private const DATABASE_VARIABLE = 'ALIGATE_TEST_DATABASE';

    private static ?self $instance = null;

    /** @var list<string> the kernel's tables; others are dropped by `fresh()` */
    private array $tables = [];

    private function __construct(private readonly string $root, private readonly string $database, private readonly MariaDb $server)
    {
    }

    /** Starts the database and makes the site at the first call; a child process finds those of its parent. */
    public static function boot(): self
    {
        if (self::$instance !== null) {
            return self::$instance;
        }
        $root = (string)getenv(self::ROOT_VARIABLE);
        $isChild = $root !== '';
        $server = MariaDb::get();
        $site = new self(
            $isChild ? $root : sys_get_temp_dir() . '/aligate-site-' . bin2hex(random_bytes(6)),
            $isChild ? (string)getenv(self::DATABASE_VARIABLE) : 'site_' . bin2hex(random_bytes(4)),
            $server,
        );
        $isChild || $site->build();
        $_SERVER['DOCUMENT_ROOT'] = $site->root;
        return self::$instance = $site;
    }

    private function build(): void
    {
        mkdir("$this->root/local/modules", 0755, true);
        mkdir("$this->root/bitrix/admin", 0755, true);
        mkdir("$this->root/bitrix/modules", 0755, true);
        mkdir("$this->root/upload", 0755, true);
        symlink(dirname(__DIR__, 3) . '/' . self::MODULE_ID, "$this->root/local/modules/" . self::MODULE_ID);
        foreach (self::KERNEL_MODULES as $module) {
            symlink(dirname(__DIR__) . "/modules/$module", "$this->root/bitrix/modules/$module");
        }
        file_put_contents("$this->root/bitrix/.settings.php", '<?php return ' . var_export(['connections' => ['value' => ['default' => [
            'className' => '\\Bitrix\\Main\\DB\\MysqliConnection', 'host' => 'localhost', 'socket' => $this->server->socket,
            'database' => $this->database, 'login' => 'root', 'password' => '',
        ]]]], true) . ';');
        $link = mysqli_connect('localhost', 'root', '', '', 0, $this->server->socket);
        mysqli_query($link, "CREATE DATABASE $this->database");
        mysqli_select_db($link, $this->database);
        mysqli_query($link, "SET sql_mode = ''");
        foreach (self::KERNEL_MODULES as $module) {
            $sql = (string)file_get_contents(dirname(__DIR__) . "/modules/$module/install.sql");
            preg_match_all('/^CREATE TABLE IF NOT EXISTS (\w+)/m', $sql, $found);
            array_push($this->tables, ...$found[1]);
            mysqli_multi_query($link, $sql) ?: throw new \RuntimeException(mysqli_error($link));
            while (mysqli_more_results($link)) {
                mysqli_next_result($link) ?: throw new \RuntimeException("$module/install.sql: " . mysqli_error($link));
            }
        }
        mysqli_close($link);
        $owner = getmypid();
        $root = $this->root;
        register_shutdown_function(static function () use ($root, $owner): void {
            getmypid() === $owner && exec('rm -rf ' . escapeshellarg($root));
        });
    }

    /** What a PHP process needs in its environment to work on this site. */
    public function environment(): array
    {
        return [self::ROOT_VARIABLE => $this->root, self::DATABASE_VARIABLE => $this->database] + $this->server->environment();
    }

    public function root(): string
    {
        return $this->root;
    }

    public function socket(): string
    {
        return $this->server->socket;
    }

    public function database(): string
    {
        return $this->database;
    }

    /** The state after the shop's installation. */
    public function fresh(): void
    {
        $link = $this->link();
        $sql = 'SELECT TABLE_NAME, TABLE_ROWS, AUTO_INCREMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()';
        $own = array_flip($this->tables);
        foreach (mysqli_fetch_all(mysqli_query($link, $sql), MYSQLI_ASSOC) as ['TABLE_NAME' => $name, 'AUTO_INCREMENT' => $next]) {
            if (!isset($own[$name])) {
                mysqli_query($link, "DROP TABLE `$name`");
            } elseif ($next > 1 || mysqli_num_rows(mysqli_query($link, "SELECT 1 FROM `$name` LIMIT 1")) > 0) {
                mysqli_query($link, "TRUNCATE TABLE `$name`");
            }
        }
        foreach (self::KERNEL_MODULES as $module) {
            $seed = dirname(__DIR__) . "/modules/$module/seed.sql";
            if (is_file($seed)) {
                mysqli_multi_query($link, (string)file_get_contents($seed)) ?: throw new \RuntimeException(mysqli_error($link));
                while (mysqli_more_results($link)) {
                    mysqli_next_result($link) ?: throw new \RuntimeException("$module/seed.sql: " . mysqli_error($link));
                }
            }
        }
        foreach (['bitrix/admin', 'bitrix/js', 'bitrix/themes', 'bitrix/tools', 'upload'] as $folder) {
            exec('rm -rf ' . escapeshellarg("$this->root/$folder"));
            mkdir("$this->root/$folder", 0755, true);
        }
        mysqli_close($link);
        Hit::start();
    }

    /** A connection of its own, as another hit has: for locks and transactions that run beside. */
    public function link(): \mysqli
    {
        mysqli_report(MYSQLI_REPORT_OFF);
        $link = mysqli_connect('localhost', 'root', '', $this->database, 0, $this->server->socket);
        mysqli_set_charset($link, 'utf8mb4');
        mysqli_query($link, "SET sql_mode = ''");
        return $link;
    }
}
