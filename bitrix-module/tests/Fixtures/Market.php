<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Fixtures;

/**
 * The other side, for real: Redis, the gateway on it, and the AliExpress simulator behind. All on free ports and in a temporary
 * folder; gone with `stop()` or with the process.
 *
 * The gateway is the program that ALIGATE_BIN names, else the repository's debug build.
 */
final class Market
{
    public const SHOP = 'main';
    public const SECRET = 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=';

    private const ADMIN_TOKEN = 'token-of-nobody-token-of-nobody-token';
    /** A wait that ends at all ends sooner; a machine may have much to do beside. */
    private const WAIT_SECS_MAX = 300;

    private static ?self $shared = null;

    public string $url = '';
    private string $simulatorUrl;
    private string $adminUrl = '';
    private readonly string $folder;
    private readonly int $redisPort;

    /** @var array<string, resource> */
    private array $processes = [];

    /** @param string $shopUrl the shop's endpoint for orders; empty: no orders */
    private function __construct(private readonly string $shopUrl = '')
    {
        $this->folder = sys_get_temp_dir() . '/aligate-market-' . bin2hex(random_bytes(6));
        mkdir($this->folder, 0700);
        $owner = getmypid();
        register_shutdown_function(function () use ($owner): void {
            getmypid() === $owner && $this->stop();
        });
        $this->redisPort = $this->startRedis();
        $this->start('simulator', [self::binary(), 'simulate', '--listen', '127.0.0.1:0', '--products', '0', '--requests-per-second', '0']);
        $this->simulatorUrl = $this->announced('simulator', '~played at (http://[0-9.]+:[0-9]+).*\n~');
        file_put_contents("{$this->folder}/key", base64_encode(random_bytes(32)) . "\n");
        file_put_contents("{$this->folder}/aligate.toml", $this->configuration());
        chmod("{$this->folder}/key", 0600);
        $this->open();
    }

    /** One for all tests of the process, since it takes a second to start; with nothing in it. */
    public static function shared(): self
    {
        self::$shared ??= new self();
        self::$shared->reset();

        return self::$shared;
    }

    /** One of its own that brings orders to this endpoint of a shop; its gateway comes back at its address. */
    public static function withOrders(string $shopUrl): self
    {
        return new self($shopUrl);
    }

    private static function binary(): string
    {
        $binary = (string)getenv('ALIGATE_BIN') ?: dirname(__DIR__, 3) . '/target/debug/aligate';

        return is_executable($binary) ? $binary : throw new \RuntimeException("$binary is not built: `cargo build`, or set ALIGATE_BIN");
    }

    /** Starts the gateway; it finds what Redis holds. */
    public function open(): void
    {
        $this->start('gateway', [self::binary(), 'serve', '--config', "{$this->folder}/aligate.toml"]);
        $line = $this->announced('gateway', '~takes events at (http://[0-9.:]+), operators at (http://[0-9.:]+).*\n~', 0);
        preg_match('~at (http://[0-9.:]+), operators at (http://[0-9.:]+)~', $line, $found);
        [, $this->url, $this->adminUrl] = $found;
    }

    /** Kills the gateway: from now on nobody answers. */
    public function close(): void
    {
        $this->end('gateway');
    }

    /** Kills the gateway and starts it again. What the dead one had to itself is free as if the lease had run out. */
    public function kill(): void
    {
        $this->close();
        $this->redis('HDEL aligate:{' . self::SHOP . '}:documents orders/poller', ':');
        $this->open();
    }

    /** @param array<string, mixed> $order lines, and whether it is paid; the id is AliExpress's */
    public function buy(array $order): int
    {
        return (int)json_decode($this->simulator('POST', '/orders', $order), true, 8, JSON_THROW_ON_ERROR)['id'];
    }

    public function move(int $order, string $status, string $reason = ''): void
    {
        $this->simulator('POST', "/orders/$order/status", ['status' => $status, 'end_reason' => $reason]);
    }

    /** @return array<int, array<string, mixed>> by id, as the simulator keeps them */
    public function orders(): array
    {
        return array_column(json_decode($this->simulator('GET', '/orders'), true, 32, JSON_THROW_ON_ERROR)['orders'], null, 'id');
    }

    /** Everything that the gateway keeps is gone, and it is another generation of its store. */
    public function emptyStore(): void
    {
        $this->close();
        $this->redis('FLUSHALL');
        $this->open();
    }

    /** Nothing on AliExpress, nothing at the gateway. */
    public function reset(): void
    {
        $this->emptyStore();
        $this->simulator('POST', '/catalogue', ['products' => [], 'replace' => true]);
        $this->simulator('POST', '/reset');
    }

    /**
     * Puts listings on AliExpress, each with these SKUs at 1 piece for 1.00, and lets the gateway read them.
     *
     * @param array<int, list<string>> $products
     */
    public function list(array $products): void
    {
        $listings = [];
        foreach ($products as $id => $skus) {
            $new = static fn (string $sku): array => ['sku' => $sku, 'stock' => 1, 'price' => '1.00'];
            $listings[] = ['id' => 1005000000000000 + $id, 'skus' => array_map($new, $skus)];
        }
        $this->simulator('POST', '/catalogue', ['products' => $listings]);
        $this->import();
    }

    /** The gateway reads from AliExpress where SKUs stand. */
    public function import(): void
    {
        $command = [self::binary(), 'listings', 'import', '--shop', self::SHOP, '--admin-url', $this->adminUrl,
            '--admin-token', self::ADMIN_TOKEN, '--config', "{$this->folder}/aligate.toml"];
        $process = proc_open($command, [1 => ['file', '/dev/null', 'w'], 2 => ['file', "{$this->folder}/import", 'w']], $pipes);
        if (!is_resource($process) || proc_close($process) !== 0) {
            throw new \RuntimeException('the import failed: ' . file_get_contents("{$this->folder}/import"));
        }
    }

    /** Waits until the gateway has told AliExpress all stock and prices that it holds. */
    public function settle(): void
    {
        $this->wait(function (): bool {
            $lanes = $this->status()['lanes'] ?? [];
            $open = 0;
            foreach (['stock', 'price'] as $lane) {
                // What the guard looks at before it leaves is still to come.
                $open += $lanes[$lane]['depth'] + $lanes[$lane]['leased'] + $lanes[$lane]['awaiting'] + $lanes[$lane]['held'];
            }

            return $open === 0;
        }, 'the gateway does not come to rest');
    }

    /** @return array<string, mixed> of the shop, as the gateway's operators see it */
    public function status(): array
    {
        $answer = $this->http('GET', "{$this->adminUrl}/v1/shops/" . self::SHOP . '/status', null, ['Authorization: Bearer ' . self::ADMIN_TOKEN]);

        return json_decode($answer, true, 32, JSON_THROW_ON_ERROR);
    }

    /** @return array<string, array{stock: int, price: string, discount_price: ?string}> SKU => what AliExpress sells */
    public function sells(): array
    {
        $catalogue = json_decode($this->simulator('GET', '/catalogue'), true, 32, JSON_THROW_ON_ERROR);
        $sells = [];
        foreach ($catalogue['products'] as $product) {
            foreach ($product['skus'] as $sku) {
                $sells[$sku['sku']] = ['stock' => $sku['stock'], 'price' => $sku['price'], 'discount_price' => $sku['discount_price'] ?? null];
            }
        }

        return $sells;
    }

    /** @return array<string, int> SKU => pieces on AliExpress */
    public function stocks(): array
    {
        return array_map(static fn (array $one): int => $one['stock'], $this->sells());
    }

    public function stop(): void
    {
        foreach (array_keys($this->processes) as $name) {
            $this->end($name);
        }
        array_map('unlink', glob("{$this->folder}/*") ?: []);
        @rmdir($this->folder);
    }

    private function configuration(): string
    {
        $lanes = '';
        // With orders processes die: what they had to themselves is taken over soon.
        $more = $this->shopUrl === '' ? '' : "backoff_ms_max = 500\nattempts_max = 200\nlease_secs = 6\n";
        foreach (['stock', 'price', 'product', 'fulfilment', 'order', 'notice'] as $lane) {
            $lanes .= "[worker.lanes.$lane]\nwindow_ms = 0\nbackoff_ms_min = 50\n$more";
        }
        $listen = $this->shopUrl === '' ? '127.0.0.1:0' : '127.0.0.1:' . self::freePort();
        $timeout = $this->shopUrl === '' ? 15000 : 1000;
        $orders = $this->shopUrl === '' ? '' : "[orders]\npoll_secs_min = 1\npoll_secs_max = 1\n[bitrix]\ntimeout_ms = 20000\n";

        return <<<TOML
            # Shops of tests begin without prices, so that all of their goods fall to zero at once.
            [guard]
            enabled = false
            [intake]
            listen = "$listen"
            [admin]
            listen = "127.0.0.1:0"
            token = "{$this->constant('ADMIN_TOKEN')}"
            [store]
            url = "redis://127.0.0.1:{$this->redisPort}"
            key_file = "{$this->folder}/key"
            [worker]
            poll_ms_max = 50
            $lanes
            [aliexpress]
            gateway_url = "{$this->simulatorUrl}"
            requests_per_second = 1000
            timeout_ms = $timeout
            connect_timeout_ms = 1000
            $orders
            [[shops]]
            id = "{$this->constant('SHOP')}"
            webhook_secrets = ["{$this->constant('SECRET')}"]
            app_key = "33505222"
            app_secret = "simulator-secret-of-nobody"
            token = "simulator-token-of-nobody"
            currency = "RUB"
            bitrix_url = "{$this->shopUrl}"
            carriers = ["RUSSIAN_POST = RUSSIAN_POST"]
            TOML;
    }

    private function constant(string $name): string
    {
        return (string)constant(self::class . "::$name");
    }

    private static function freePort(): int
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $port = (int)substr((string)strrchr((string)stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);

        return $port;
    }

    private function startRedis(): int
    {
        for ($try = 0; $try < 10; $try++) {
            $port = self::freePort();
            $this->start('redis', ['redis-server', '--port', (string)$port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no',
                '--dir', $this->folder]);
            try {
                $this->announced('redis', '~(Ready to accept connections)~');

                return $port;
            } catch (\RuntimeException) {
                $this->end('redis');
            }
        }
        throw new \RuntimeException('no Redis server could be started');
    }

    /** @param string $answer how the answer begins */
    private function redis(string $command, string $answer = '+OK'): void
    {
        $connection = stream_socket_client("tcp://127.0.0.1:{$this->redisPort}", $code, $message, 5);
        fwrite($connection, "$command\r\n");
        if (!str_starts_with((string)fgets($connection), $answer)) {
            throw new \RuntimeException("Redis refused $command");
        }
        fclose($connection);
    }

    /** @param list<string> $command */
    private function start(string $name, array $command): void
    {
        file_put_contents("{$this->folder}/$name.log", '');
        $log = ['file', "{$this->folder}/$name.log", 'a'];
        $process = proc_open($command, [0 => ['file', '/dev/null', 'r'], 1 => $log, 2 => $log], $pipes);
        $this->processes[$name] = is_resource($process) ? $process : throw new \RuntimeException("$name does not start");
    }

    private function end(string $name): void
    {
        if (isset($this->processes[$name])) {
            proc_terminate($this->processes[$name], 9);
            proc_close($this->processes[$name]);
            unset($this->processes[$name]);
        }
    }

    /** What a process says once it is ready. */
    private function announced(string $name, string $pattern, int $group = 1): string
    {
        $said = '';
        $this->wait(function () use ($name, $pattern, $group, &$said): bool {
            $log = (string)file_get_contents("{$this->folder}/$name.log");
            if (preg_match($pattern, $log, $found) === 1) {
                $said = $found[$group];

                return true;
            }
            if (!proc_get_status($this->processes[$name])['running']) {
                throw new \RuntimeException("$name ended: $log");
            }

            return false;
        }, "$name does not get ready");

        return $said;
    }

    /** @param \Closure(): bool $isDone */
    public function wait(\Closure $isDone, string $message): void
    {
        $until = microtime(true) + self::WAIT_SECS_MAX;
        while (!$isDone()) {
            microtime(true) < $until || throw new \RuntimeException("$message; the gateway says: " . $this->tail());
            usleep(10_000);
        }
    }

    private function tail(): string
    {
        return substr((string)@file_get_contents("{$this->folder}/gateway.log"), -2000);
    }

    /** @param array<string, mixed>|null $body */
    private function simulator(string $method, string $path, ?array $body = null): string
    {
        return $this->http($method, "{$this->simulatorUrl}/_simulator$path", $body);
    }

    /**
     * @param array<string, mixed>|null $body
     * @param list<string> $headers
     */
    private function http(string $method, string $url, ?array $body = null, array $headers = []): string
    {
        $curl = curl_init($url);
        curl_setopt_array($curl, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 60,
            CURLOPT_HTTPHEADER => [...$headers, 'Content-Type: application/json', 'Expect:'],
            CURLOPT_POSTFIELDS => $body === null ? '' : json_encode($body, JSON_THROW_ON_ERROR),
        ]);
        $answer = curl_exec($curl);
        $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        if ($answer === false || $status > 299) {
            throw new \RuntimeException("$method $url: $status " . curl_error($curl) . ' ' . substr((string)$answer, 0, 500));
        }

        return (string)$answer;
    }
}
