<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

use Bitrix\Main\DB\Connection as Database;

/**
 * What a row belongs to, where its event does not say it: one look-up by primary key, remembered for the hit.
 *
 * It is also what outlives the row: a handler before a deletion looks, the one after it finds the answer here.
 */
final class RowMemory
{
    /** Rows remembered of one table; above this it begins anew. */
    private const ROWS_MAX = 50000;

    /** @var array<string, array<int, array<string, mixed>>> table => id => columns */
    private array $rows = [];

    /** @param \Closure(): bool $isNeeded whether anyone is told of changes of goods: a shop that sells nothing pays nothing */
    public function __construct(private readonly Database $database, private readonly \Closure $isNeeded)
    {
    }

    public function isNeeded(): bool
    {
        return ($this->isNeeded)();
    }

    /**
     * The columns of a row; empty where there is none, or nobody needs it.
     *
     * @param list<string> $columns always the same for one table
     * @return array<string, mixed>
     */
    public function row(string $table, int $id, array $columns): array
    {
        if (!isset($this->rows[$table][$id])) {
            if (!$this->isNeeded()) {
                return [];
            }
            if (count($this->rows[$table] ?? []) >= self::ROWS_MAX) {
                $this->rows[$table] = [];
            }
            $row = $this->database->query('SELECT ' . implode(', ', $columns) . " FROM $table WHERE ID = $id")->fetch();
            $this->rows[$table][$id] = is_array($row) ? $row : [];
        }

        return $this->rows[$table][$id];
    }

    /**
     * What is remembered of a row that is gone now; empty where nothing is. It is forgotten with that.
     *
     * @return array<string, mixed>
     */
    public function takeOut(string $table, int $id): array
    {
        $row = $this->rows[$table][$id] ?? [];
        unset($this->rows[$table][$id]);

        return $row;
    }

    /** @param array<string, mixed> $row what a handler knows of it */
    public function remember(string $table, int $id, array $row): void
    {
        if (count($this->rows[$table] ?? []) >= self::ROWS_MAX) {
            $this->rows[$table] = [];
        }
        $this->rows[$table][$id] = $row;
    }
}
