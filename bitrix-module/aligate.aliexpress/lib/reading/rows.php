<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

use Bitrix\Main\DB\Connection as Database;

/**
 * Runs the SELECTs of the readers and counts them. Values come as the database's texts: what they mean is the
 * readers' affair.
 *
 * The readers ask the tables themselves, since the kernel's own ways read one element at a time or join what is not
 * needed.
 */
final class Rows
{
    private int $queries = 0;

    public function __construct(private readonly Database $database)
    {
    }

    /** @return list<array<string, string|null>> */
    public function all(string $sql): array
    {
        $this->queries++;
        $result = $this->database->query($sql);
        $rows = [];
        while ($row = $result->fetchRaw()) {
            $rows[] = array_map(static fn ($value): ?string => $value === null ? null : (string)$value, $row);
        }

        return $rows;
    }

    /** How many SELECTs were run so far. */
    public function queries(): int
    {
        return $this->queries;
    }

    /**
     * Ids for `IN (...)`; for none a list that matches nothing.
     *
     * @param array<int> $ids
     */
    public static function list(array $ids): string
    {
        return $ids === [] ? 'NULL' : implode(',', array_map(intval(...), $ids));
    }

    /**
     * Texts for `IN (...)`; for none a list that matches nothing.
     *
     * @param array<string> $texts
     */
    public function texts(array $texts): string
    {
        $helper = $this->database->getSqlHelper();
        $quoted = array_map(static fn (string $text): string => "'" . $helper->forSql($text) . "'", $texts);

        return $quoted === [] ? 'NULL' : implode(',', $quoted);
    }
}
