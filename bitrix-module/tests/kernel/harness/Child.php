<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

/** A PHP process of its own on the test's site: one that may die, be killed, or hold a transaction. */
final class Child
{
    /** @param resource $process @param array<int, resource> $pipes */
    private function __construct(private $process, private readonly array $pipes)
    {
    }

    /** @param list<string> $arguments */
    public static function start(Site $site, string $file, array $arguments = []): self
    {
        $command = [PHP_BINARY, '-d', 'display_errors=stderr', '-d', 'memory_limit=512M', $file, ...$arguments];
        $process = proc_open($command, [0 => ['pipe', 'r'], 1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes, null, $site->environment() + getenv());
        return new self($process, $pipes);
    }

    /** Runs code after the fake kernel's prologue; what it prints is the answer. */
    public static function code(Site $site, string $code): self
    {
        $file = $site->root() . '/child-' . bin2hex(random_bytes(4)) . '.php';
        $bootstrap = dirname(__DIR__) . '/bootstrap.php';
        file_put_contents($file, "<?php\nrequire " . var_export($bootstrap, true) . ";\n$code\n");
        return self::start($site, $file);
    }

    /** Waits for a line that the process prints. */
    public function line(): string
    {
        return rtrim((string)fgets($this->pipes[1]), "\n");
    }

    /** Lets a process go on that reads a line. */
    public function tell(string $line): void
    {
        fwrite($this->pipes[0], "$line\n");
    }

    public function kill(): void
    {
        proc_terminate($this->process, SIGKILL);
        $this->wait();
    }

    /** @return array{string, string, int} what it printed, what it complained of, its exit code */
    public function wait(): array
    {
        $output = (string)stream_get_contents($this->pipes[1]);
        $errors = (string)stream_get_contents($this->pipes[2]);
        return [$output, $errors, proc_close($this->process)];
    }
}
