<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

use Bitrix\Main\DB\Connection as Database;

/**
 * The outbox in the shop's database: append-only rows (connection, kind, entity, cause).
 *
 * Rows are only ever inserted by those who see changes, so no hit waits for another; the drain, one at a time for a
 * connection, marks them by lists of ids, never by "id below N": a lower id may be committed later. All times are UTC
 * of the database's clock.
 */
final class OutboxRepository
{
    private const TABLE = 'b_aligate_aliexpress_outbox';

    /** Rows of one INSERT. */
    private const INSERT_ROWS_MAX = 1000;

    /** Ids of one UPDATE or DELETE. */
    private const IDS_MAX = 1000;

    /** An acknowledged row is kept this long, in case the gateway's store loses what it acknowledged. */
    private const KEEP_ACKED_SECS = 900;

    /** Rows deleted in one call of `prune`. */
    private const PRUNE_ROWS_MAX = 10000;

    private readonly string $hit;
    private readonly ExchangeGate $gate;

    /** @param string|null $hit 16 characters that name the request or process that writes; null: random ones */
    public function __construct(private readonly Database $database, ?string $hit = null)
    {
        $this->hit = $hit ?? bin2hex(random_bytes(8));
        $this->gate = new ExchangeGate(new StateRepository($database));
    }

    /**
     * Says for one connection that these entities changed. One INSERT for each 1000.
     *
     * @param list<int> $entityIds
     * @param int|null $waitSeconds how long the rows wait for the end of an exchange at most; null: they may go at once
     */
    public function append(
        int $connectionId,
        Kind $kind,
        array $entityIds,
        Cause $cause,
        bool $isForced = false,
        ?int $waitSeconds = null,
    ): void {
        $touches = array_map(static fn (int $id): Touch => new Touch($kind, $id, $cause, $waitSeconds), $entityIds);
        $this->appendTouches([$connectionId => $touches], $isForced);
    }

    /**
     * Says of several connections at once what changed; in one INSERT for each 1000 rows.
     *
     * @param array<int, list<Touch>> $touches connection => what changed for it
     */
    public function appendTouches(array $touches, bool $isForced = false): void
    {
        $forced = $isForced ? 'Y' : 'N';
        $rows = [];
        foreach ($touches as $connectionId => $changed) {
            foreach ($changed as $touch) {
                $until = $touch->waitSeconds === null
                    ? 'NULL'
                    : "UTC_TIMESTAMP(6) + INTERVAL {$touch->waitSeconds} SECOND";
                $rows[] = "($connectionId, '{$touch->kind->value}', {$touch->entityId}, '{$touch->cause->value}', "
                    . "'$forced', '{$this->hit}', UTC_TIMESTAMP(6), $until)";
            }
        }
        foreach (array_chunk($rows, self::INSERT_ROWS_MAX) as $chunk) {
            $this->database->queryExecute(
                'INSERT INTO ' . self::TABLE
                . ' (CONNECTION_ID, KIND, ENTITY_ID, CAUSE, FORCED, HIT, CREATED_AT, NOT_BEFORE) VALUES '
                . implode(', ', $chunk)
            );
        }
    }

    /**
     * The waiting rows of a connection that may go now, oldest first: stock and orders before prices and products,
     * which keep a quarter of the places. They stay waiting until they are acknowledged or parked.
     *
     * @return list<OutboxRow>
     */
    public function take(int $connectionId, int $limit): array
    {
        $openUntil = $this->gate->openUntil($this->now());
        $urgent = $this->waiting($connectionId, [Kind::Stock, Kind::Order], $limit, $openUntil);
        $patient = $this->waiting($connectionId, [Kind::Product, Kind::Price], $limit, $openUntil);
        $kept = min(count($patient), max(intdiv($limit, 4), $limit - count($urgent)));

        return [...array_slice($urgent, 0, $limit - $kept), ...array_slice($patient, 0, $kept)];
    }

    /**
     * The waiting scopes of a connection that may be expanded now, oldest first.
     *
     * @return list<OutboxRow>
     */
    public function takeScopes(int $connectionId, int $limit): array
    {
        $scopes = array_values(array_filter(Kind::cases(), static fn (Kind $kind): bool => $kind->isScope()));

        return $this->waiting($connectionId, $scopes, $limit, $this->gate->openUntil($this->now()));
    }

    /** Whether products of a connection wait for the end of an exchange with 1C: it is at work on them. */
    public function holdsProducts(int $connectionId): bool
    {
        $openUntil = $this->gate->openUntil($this->now());
        $isClosed = $openUntil === null ? '' : " AND CREATED_AT > {$this->quoted($openUntil)}";
        $row = $this->database->query(
            'SELECT 1 FROM ' . self::TABLE . " WHERE CONNECTION_ID = $connectionId AND STATE = 'W'"
            . " AND KIND = '" . Kind::Product->value . "' AND NOT_BEFORE > UTC_TIMESTAMP(6)$isClosed LIMIT 1"
        )->fetch();

        return is_array($row);
    }

    /** @param list<int> $ids rows whose events the gateway holds durably */
    public function acknowledge(array $ids, string $generation): void
    {
        $generation = $this->quoted(substr($generation, 0, 26));
        $this->update(
            $ids,
            "STATE = 'A', ACKED_AT = UTC_TIMESTAMP(6), GENERATION = $generation,"
            . ' FAULT_CODE = NULL, FAULT_DETAIL = NULL',
        );
    }

    /** @param list<int> $ids rows that cannot be sent; a person looks at the reason */
    public function park(array $ids, string $code, string $detail): void
    {
        $code = $this->quoted(mb_substr($code, 0, 64));
        $detail = $this->quoted(mb_substr($detail, 0, 500));
        $this->update($ids, "STATE = 'P', FAULT_CODE = $code, FAULT_DETAIL = $detail, ACKED_AT = NULL");
    }

    /** @param list<int> $ids rows that need no event: nobody needs them again */
    public function drop(array $ids): void
    {
        foreach (array_chunk($ids, self::IDS_MAX) as $chunk) {
            $this->database->queryExecute('DELETE FROM ' . self::TABLE . ' WHERE ID IN (' . self::list($chunk) . ')');
        }
    }

    /**
     * Deletes what is parked of these entities from before a row: the newer one has settled it.
     *
     * @param list<int> $entityIds
     */
    public function forgive(int $connectionId, Kind $kind, array $entityIds, int $beforeId): void
    {
        foreach (array_chunk($entityIds, self::IDS_MAX) as $chunk) {
            $this->database->queryExecute(
                'DELETE FROM ' . self::TABLE . " WHERE CONNECTION_ID = $connectionId AND STATE = 'P' AND KIND = '{$kind->value}'"
                . " AND ID < $beforeId AND ENTITY_ID IN (" . self::list($chunk) . ')'
            );
        }
    }

    /**
     * Makes acknowledged rows wait again, forced, where the gateway's store is not the one that acknowledged them.
     *
     * @return int how many wait again
     */
    public function reopen(int $connectionId, string $generation): int
    {
        $generation = $this->quoted(substr($generation, 0, 26));
        $this->database->queryExecute(
            'UPDATE ' . self::TABLE
            . " SET STATE = 'W', FORCED = 'Y', ACKED_AT = NULL, GENERATION = NULL, NOT_BEFORE = NULL"
            . " WHERE CONNECTION_ID = $connectionId AND STATE = 'A' AND GENERATION <> $generation"
        );

        return $this->database->getAffectedRowsCount();
    }

    /**
     * Makes parked rows wait again.
     *
     * @param list<int>|null $ids null: all of the connection
     * @return int how many wait again
     */
    public function redrive(int $connectionId, ?array $ids = null): int
    {
        if ($ids === []) {
            return 0;
        }
        $which = $ids === null ? '' : ' AND ID IN (' . self::list(array_slice($ids, 0, self::IDS_MAX)) . ')';
        $this->database->queryExecute(
            'UPDATE ' . self::TABLE . " SET STATE = 'W', FAULT_CODE = NULL, FAULT_DETAIL = NULL, NOT_BEFORE = NULL"
            . " WHERE CONNECTION_ID = $connectionId AND STATE = 'P'$which"
        );

        return $this->database->getAffectedRowsCount();
    }

    /**
     * Deletes what was acknowledged long enough ago, and what belongs to connections that are gone.
     *
     * @param list<int> $connectionIds those that exist
     * @return int how many rows are gone; a full page means: call again
     */
    public function prune(array $connectionIds): int
    {
        $this->database->queryExecute(
            'DELETE FROM ' . self::TABLE . " WHERE STATE = 'A' AND ACKED_AT < UTC_TIMESTAMP(6) - INTERVAL "
            . self::KEEP_ACKED_SECS . ' SECOND LIMIT ' . self::PRUNE_ROWS_MAX
        );
        $deleted = $this->database->getAffectedRowsCount();
        $gone = $connectionIds === [] ? '1 = 1' : 'CONNECTION_ID NOT IN (' . self::list($connectionIds) . ')';
        $this->database->queryExecute('DELETE FROM ' . self::TABLE . " WHERE $gone LIMIT " . self::PRUNE_ROWS_MAX);

        return $deleted + $this->database->getAffectedRowsCount();
    }

    public function depth(int $connectionId): OutboxDepth
    {
        $rows = $this->database->query(
            'SELECT STATE, COUNT(*) AS ROWS_COUNT,'
            . ' TIMESTAMPDIFF(SECOND, MIN(CREATED_AT), UTC_TIMESTAMP(6)) AS OLDEST_SECS FROM '
            . self::TABLE . " WHERE CONNECTION_ID = $connectionId AND STATE IN ('W', 'P') GROUP BY STATE"
        );
        $found = [];
        while ($row = $rows->fetch()) {
            $found[(string)$row['STATE']] = [(int)$row['ROWS_COUNT'], (int)$row['OLDEST_SECS']];
        }
        [$waiting, $oldest] = $found['W'] ?? [0, 0];

        return new OutboxDepth($waiting, max(0, $oldest), $found['P'][0] ?? 0);
    }

    /**
     * The parked rows of a connection, newest first.
     *
     * @param int $beforeId the id of the last row of the page before; 0: the first page
     * @return list<ParkedRow>
     */
    public function parked(int $connectionId, int $limit, int $beforeId = 0): array
    {
        $before = $beforeId > 0 ? " AND ID < $beforeId" : '';
        $rows = $this->database->query(
            'SELECT ID, CONNECTION_ID, KIND, ENTITY_ID, CAUSE, FORCED, FAULT_CODE, FAULT_DETAIL, '
            . "DATE_FORMAT(CREATED_AT, '%Y-%m-%d %H:%i:%s') AS CREATED_TEXT FROM " . self::TABLE
            . " WHERE CONNECTION_ID = $connectionId AND STATE = 'P'$before ORDER BY ID DESC LIMIT " . max(1, $limit)
        );
        $parked = [];
        while ($row = $rows->fetch()) {
            $parked[] = new ParkedRow(
                OutboxRow::fromDatabase($row),
                (string)$row['FAULT_CODE'],
                (string)$row['FAULT_DETAIL'],
                (string)$row['CREATED_TEXT'],
            );
        }

        return $parked;
    }

    /** The database's clock, UTC, as the outbox writes it. */
    public function now(): string
    {
        $sql = "SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%d %H:%i:%s.%f') AS NOW_TEXT";
        $row = $this->database->query($sql)->fetch();

        return is_array($row) ? (string)$row['NOW_TEXT'] : '';
    }

    /**
     * One index range for each kind, so that thousands of waiting products cost the question for stock nothing.
     *
     * @param list<Kind> $kinds
     * @return list<OutboxRow>
     */
    private function waiting(int $connectionId, array $kinds, int $limit, ?string $openUntil): array
    {
        if ($limit < 1) {
            return [];
        }
        $isOpen = $openUntil === null ? '' : " OR CREATED_AT <= {$this->quoted($openUntil)}";
        $parts = [];
        foreach ($kinds as $kind) {
            $parts[] = '(SELECT ID, CONNECTION_ID, KIND, ENTITY_ID, CAUSE, FORCED FROM ' . self::TABLE
                . " WHERE CONNECTION_ID = $connectionId AND STATE = 'W' AND KIND = '{$kind->value}'"
                . " AND (NOT_BEFORE IS NULL OR NOT_BEFORE <= UTC_TIMESTAMP(6)$isOpen) ORDER BY ID LIMIT $limit)";
        }
        $rows = $this->database->query(implode(' UNION ALL ', $parts));
        $waiting = [];
        while ($row = $rows->fetch()) {
            $waiting[] = OutboxRow::fromDatabase($row);
        }
        usort($waiting, static fn (OutboxRow $one, OutboxRow $other): int => $one->id <=> $other->id);

        return array_slice($waiting, 0, $limit);
    }

    /** @param list<int> $ids */
    private function update(array $ids, string $assignments): void
    {
        foreach (array_chunk($ids, self::IDS_MAX) as $chunk) {
            $this->database->queryExecute(
                'UPDATE ' . self::TABLE . " SET $assignments WHERE ID IN (" . self::list($chunk) . ')'
            );
        }
    }

    /** @param list<int> $ids */
    private static function list(array $ids): string
    {
        return implode(',', array_map(intval(...), $ids));
    }

    private function quoted(string $text): string
    {
        return "'" . $this->database->getSqlHelper()->forSql($text) . "'";
    }
}
