<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

use Bitrix\Main\DB\Connection as Database;

/**
 * Small durable values of a connection (0: of the module): watermarks, cursors, floors. Each is text of at most 60 000
 * bytes.
 */
final class StateRepository
{
    private const TABLE = 'b_aligate_aliexpress_state';
    private const VALUE_MAX = 60000;

    public function __construct(private readonly Database $database)
    {
    }

    public function get(int $connectionId, string $name): ?string
    {
        $row = $this->database->query('SELECT VALUE FROM ' . self::TABLE . $this->where($connectionId, $name))->fetch();

        return is_array($row) ? (string)$row['VALUE'] : null;
    }

    /**
     * @return array<string, string> name => value, of those that begin with the prefix
     */
    public function all(int $connectionId, string $prefix = ''): array
    {
        $like = $this->quoted(addcslashes($prefix, '\\%_') . '%');
        $rows = $this->database->query(
            'SELECT NAME, VALUE FROM ' . self::TABLE . " WHERE CONNECTION_ID = $connectionId AND NAME LIKE $like"
        );
        $values = [];
        while ($row = $rows->fetch()) {
            $values[(string)$row['NAME']] = (string)$row['VALUE'];
        }

        return $values;
    }

    /** @throws \LengthException where the name or the value is too long to be kept */
    public function set(int $connectionId, string $name, string $value): void
    {
        if (strlen($value) > self::VALUE_MAX || strlen($name) > 64) {
            throw new \LengthException("the state $name is too long to be kept");
        }
        $this->database->queryExecute(
            'INSERT INTO ' . self::TABLE . ' (CONNECTION_ID, NAME, VALUE) VALUES '
            . "($connectionId, {$this->quoted($name)}, {$this->quoted($value)})"
            . ' ON DUPLICATE KEY UPDATE VALUE = VALUES(VALUE)'
        );
    }

    /** Raises a number to at least `value` in one statement, whoever else raises it, and answers what holds now. */
    public function raise(int $connectionId, string $name, int $value): int
    {
        $this->database->queryExecute(
            'INSERT INTO ' . self::TABLE . ' (CONNECTION_ID, NAME, VALUE) VALUES '
            . "($connectionId, {$this->quoted($name)}, '$value')"
            . ' ON DUPLICATE KEY UPDATE VALUE = GREATEST(CAST(VALUE AS UNSIGNED), CAST(VALUES(VALUE) AS UNSIGNED))'
        );

        return (int)$this->get($connectionId, $name);
    }

    public function delete(int $connectionId, string $name): void
    {
        $this->database->queryExecute('DELETE FROM ' . self::TABLE . $this->where($connectionId, $name));
    }

    /** Forgets everything of a connection that was removed. */
    public function deleteAll(int $connectionId): void
    {
        $this->database->queryExecute('DELETE FROM ' . self::TABLE . " WHERE CONNECTION_ID = $connectionId");
    }

    private function where(int $connectionId, string $name): string
    {
        return " WHERE CONNECTION_ID = $connectionId AND NAME = {$this->quoted($name)}";
    }

    private function quoted(string $text): string
    {
        return "'" . $this->database->getSqlHelper()->forSql($text) . "'";
    }
}
