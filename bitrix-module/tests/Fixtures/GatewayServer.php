<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Fixtures;

/** A real HTTP server on a free port: `php -S` with `gateway.php`, which answers what the test lays out. */
final class GatewayServer
{
    private const START_SECS_MAX = 10;

    public readonly string $url;
    private readonly string $folder;

    /** @var resource */
    private $process;

    public function __construct()
    {
        $this->folder = sys_get_temp_dir() . '/aligate-' . bin2hex(random_bytes(8));
        mkdir($this->folder, 0700);
        // Without a buffer, so that pieces leave as they are made, whatever this machine's php.ini says.
        $command = [PHP_BINARY, '-d', 'output_buffering=0', '-S', '127.0.0.1:0', __DIR__ . '/gateway.php'];
        $streams = [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', "{$this->folder}/log", 'w']];
        $environment = ['ALIGATE_TEST_DIR' => $this->folder] + getenv();
        $process = proc_open($command, $streams, $pipes, null, $environment);
        $this->process = is_resource($process) ? $process : throw new \RuntimeException('php -S does not start');
        $this->url = $this->startedUrl();
    }

    /** Ends the server and takes its folder away. */
    public function stop(): void
    {
        proc_terminate($this->process, 9);
        proc_close($this->process);
        array_map('unlink', glob("{$this->folder}/*") ?: []);
        rmdir($this->folder);
    }

    /** @param array<string, string> $headers */
    public function answersWith(int $status, string $body, array $headers = []): void
    {
        $this->layOut(['status' => $status, 'headers' => $headers, 'body' => $body]);
    }

    /** Answers calls whose path ends so; others get what was laid out for all. */
    public function answersPath(string $end, int $status, string $body): void
    {
        $file = "{$this->folder}/paths.json";
        $paths = is_file($file) ? json_decode((string)file_get_contents($file), true, 8, JSON_THROW_ON_ERROR) : [];
        $paths[$end] = ['status' => $status, 'headers' => [], 'body' => $body];
        file_put_contents($file, json_encode($paths, JSON_THROW_ON_ERROR));
    }

    /** The answer sends a piece again and again until the client goes away. */
    public function answersWithoutEnd(int $status, string $piece, int $pauseUs): void
    {
        $this->layOut(['status' => $status, 'headers' => [], 'endless' => $piece, 'pause_us' => $pauseUs]);
    }

    /** @return list<array{method: string, uri: string, headers: array<string, string>, body: string}> */
    public function requests(): array
    {
        $file = "{$this->folder}/requests.jsonl";
        $requests = [];
        foreach (is_file($file) ? file($file) : [] as $line) {
            $request = json_decode($line, true, 8, JSON_THROW_ON_ERROR);
            $requests[] = ['body' => base64_decode($request['body_base64'], true)] + $request;
        }

        return $requests;
    }

    /** Forgets the requests so far, and what was laid out for some paths. */
    public function forget(): void
    {
        @unlink("{$this->folder}/requests.jsonl");
        @unlink("{$this->folder}/paths.json");
    }

    /** @param array<string, mixed> $answer */
    private function layOut(array $answer): void
    {
        file_put_contents("{$this->folder}/answer.json", json_encode($answer, JSON_THROW_ON_ERROR));
    }

    /** The server says in its log where it listens, as soon as it does. */
    private function startedUrl(): string
    {
        $until = microtime(true) + self::START_SECS_MAX;
        do {
            $log = (string)file_get_contents("{$this->folder}/log");
            if (preg_match('~\((http://127\.0\.0\.1:[0-9]+)\) started~', $log, $parts) === 1) {
                return $parts[1];
            }
        } while (microtime(true) < $until && proc_get_status($this->process)['running']);
        $this->stop();
        throw new \RuntimeException("php -S does not listen: $log");
    }
}
