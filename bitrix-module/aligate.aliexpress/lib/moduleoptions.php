<?php

declare(strict_types=1);

namespace Aligate\Aliexpress;

use Bitrix\Main\Config\Option;

/** The only reader and writer of the module's options: what is saved as text is given as types. */
final class ModuleOptions
{
    public const MODULE_ID = 'aligate.aliexpress';

    /** A shop serves this many AliExpress accounts at most. */
    public const CONNECTIONS_MAX = 20;

    private string $parsed = '';

    /** @var list<Connection> */
    private array $connections = [];

    /** @return list<Connection> by id; those that cannot be read are left out */
    public function connections(): array
    {
        $text = Option::get(self::MODULE_ID, 'connections');
        if ($text !== $this->parsed) {
            $this->connections = self::parse($text);
            $this->parsed = $text;
        }

        return $this->connections;
    }

    /** @return list<Connection> those that changes are kept for; one that is switched off gets none */
    public function activeConnections(): array
    {
        return array_values(array_filter($this->connections(), static fn (Connection $one): bool => $one->isActive));
    }

    public function connection(int $id): ?Connection
    {
        foreach ($this->connections() as $connection) {
            if ($connection->id === $id) {
                return $connection;
            }
        }

        return null;
    }

    /**
     * @param list<Connection> $connections
     * @throws \InvalidArgumentException where two have one id, one has none, or there are too many
     */
    public function saveConnections(array $connections): void
    {
        $ids = array_map(static fn (Connection $one): int => $one->id, $connections);
        if (count($ids) !== count(array_unique($ids)) || ($ids !== [] && min($ids) < 1)) {
            throw new \InvalidArgumentException('each connection needs an id of its own');
        }
        if (count($ids) > self::CONNECTIONS_MAX) {
            throw new \InvalidArgumentException('there are more than ' . self::CONNECTIONS_MAX . ' connections');
        }
        $saved = array_map(static fn (Connection $one): array => $one->toArray(), $connections);
        $text = json_encode($saved, JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
        Option::set(self::MODULE_ID, 'connections', $text);
        if ($ids !== []) {
            $this->set('connection_id_max', (string)max($this->integer('connection_id_max'), ...$ids));
        }
    }

    /** The id of the next new connection: ids of removed ones are not given again. */
    public function nextConnectionId(): int
    {
        $ids = array_map(static fn (Connection $one): int => $one->id, $this->connections());

        return 1 + max(0, $this->integer('connection_id_max'), ...$ids);
    }

    /** The version of tables, events and agents that the installer has reached; 0: not installed. */
    public function schemaVersion(): int
    {
        return $this->integer('schema_version');
    }

    public function saveSchemaVersion(int $version): void
    {
        $this->set('schema_version', (string)$version);
    }

    /** Whether what a hit changed is sent when its answer has left. */
    public function drainsAfterHit(): bool
    {
        return Option::get(self::MODULE_ID, 'drain_after_hit') === 'Y';
    }

    /** How long the sending agent works in one turn. */
    public function drainSeconds(): int
    {
        return $this->within('drain_secs', 1, 300);
    }

    /** How many events one delivery holds at most; the gateway takes 1000. */
    public function batchEvents(): int
    {
        return $this->within('batch_events', 1, 1000);
    }

    /** How many bytes of JSON one delivery holds at most; the gateway takes 4 MiB. */
    public function batchBytes(): int
    {
        return $this->within('batch_bytes', 65536, 4194304);
    }

    public function connectTimeoutMs(): int
    {
        return $this->within('connect_timeout_ms', 100, 60000);
    }

    public function timeoutMs(): int
    {
        return $this->within('timeout_ms', 1000, 120000);
    }

    /** How many entities the sweep reads at once. */
    public function sweepPage(): int
    {
        return $this->within('sweep_page', 10, 2000);
    }

    /** How long the sweep works in one turn. */
    public function sweepSeconds(): int
    {
        return $this->within('sweep_secs', 1, 300);
    }

    public function sweepEverySeconds(): int
    {
        return $this->within('sweep_every_secs', 60, 86400);
    }

    /** How long the lines of the log page are kept. */
    public function logDays(): int
    {
        return $this->within('log_days', 1, 365);
    }

    /** A value that a page keeps for itself, for example the progress of the full export. */
    public function text(string $name): string
    {
        return Option::get(self::MODULE_ID, $name);
    }

    public function set(string $name, string $value): void
    {
        Option::set(self::MODULE_ID, $name, $value);
    }

    private function integer(string $name): int
    {
        return (int)Option::get(self::MODULE_ID, $name);
    }

    private function within(string $name, int $min, int $max): int
    {
        return max($min, min($max, $this->integer($name)));
    }

    /** @return list<Connection> */
    private static function parse(string $text): array
    {
        $saved = json_decode($text, true, 16);
        $connections = [];
        foreach (is_array($saved) ? $saved : [] as $one) {
            $connection = is_array($one) ? Connection::fromArray($one) : null;
            if ($connection !== null && $connection->id > 0 && count($connections) < self::CONNECTIONS_MAX) {
                $connections[$connection->id] = $connection;
            }
        }
        ksort($connections);

        return array_values($connections);
    }
}
