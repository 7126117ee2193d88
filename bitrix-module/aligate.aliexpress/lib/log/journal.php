<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Log;

use Bitrix\Main\DB\Connection as Database;

/**
 * What a seller reads on the log page. Never holds a secret nor a buyer's data; times are UTC of the database's clock.
 *
 * A line that repeats the newest one of its connection and code within ten minutes is not written again.
 */
final class Journal
{
    private const TABLE = 'b_aligate_aliexpress_log';
    private const DETAIL_CHARACTERS_MAX = 1000;
    private const REPEAT_SECS = 600;
    private const PAGE_MAX = 200;
    private const PRUNE_ROWS_MAX = 10000;

    public function __construct(private readonly Database $database)
    {
    }

    /** @param int $connectionId 0: of the module as a whole */
    public function write(int $connectionId, Level $level, string $code, string $detail): void
    {
        $code = $this->quoted(mb_substr($code, 0, 64));
        $detail = $this->quoted(mb_substr($detail, 0, self::DETAIL_CHARACTERS_MAX));
        $this->database->queryExecute(
            'INSERT INTO ' . self::TABLE . ' (CONNECTION_ID, AT, LEVEL, CODE, DETAIL)'
            . " SELECT $connectionId, UTC_TIMESTAMP(6), '{$level->value}', $code, $detail FROM DUAL WHERE NOT EXISTS ("
            . 'SELECT 1 FROM ' . self::TABLE . " WHERE CONNECTION_ID = $connectionId AND CODE = $code"
            . " AND DETAIL = $detail AND AT > UTC_TIMESTAMP(6) - INTERVAL " . self::REPEAT_SECS . ' SECOND)'
        );
    }

    /**
     * A page of lines, newest first.
     *
     * @param int|null $connectionId null: of all
     * @param int $beforeId the id of the last line of the page before; 0: the first page
     * @return list<Line>
     */
    public function page(?int $connectionId, ?Level $level, int $limit, int $beforeId = 0): array
    {
        $where = array_filter([
            $connectionId === null ? '' : "CONNECTION_ID = $connectionId",
            $level === null ? '' : "LEVEL = '{$level->value}'",
            $beforeId < 1 ? '' : "ID < $beforeId",
        ]);
        $rows = $this->database->query(
            "SELECT ID, CONNECTION_ID, DATE_FORMAT(AT, '%Y-%m-%d %H:%i:%s') AS AT_TEXT, LEVEL, CODE, DETAIL FROM "
            . self::TABLE . ($where === [] ? '' : ' WHERE ' . implode(' AND ', $where))
            . ' ORDER BY ID DESC LIMIT ' . max(1, min($limit, self::PAGE_MAX))
        );
        $lines = [];
        while ($row = $rows->fetch()) {
            $lines[] = new Line(
                (int)$row['ID'],
                (int)$row['CONNECTION_ID'],
                (string)$row['AT_TEXT'],
                Level::tryFrom((string)$row['LEVEL']) ?? Level::Error,
                (string)$row['CODE'],
                (string)$row['DETAIL'],
            );
        }

        return $lines;
    }

    /** Deletes lines older than so many days; a full page means: call again. */
    public function prune(int $days): int
    {
        $this->database->queryExecute(
            'DELETE FROM ' . self::TABLE . " WHERE AT < UTC_TIMESTAMP(6) - INTERVAL $days DAY LIMIT " . self::PRUNE_ROWS_MAX
        );

        return $this->database->getAffectedRowsCount();
    }

    private function quoted(string $text): string
    {
        return "'" . $this->database->getSqlHelper()->forSql($text) . "'";
    }
}
