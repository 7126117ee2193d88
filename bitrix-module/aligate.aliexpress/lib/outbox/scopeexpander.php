<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

use Aligate\Aliexpress\Connection;
use Bitrix\Main\DB\Connection as Database;

/**
 * Turns rows that name a scope into rows of its entities, page by page, so that no handler ever walks a section.
 *
 * A scope's rows stay until its last page is written: a process that dies in between goes on from the cursor, and at
 * worst marks a page twice. A row that comes meanwhile is not among the ids of the cursor and is expanded after it.
 */
final class ScopeExpander
{
    private const PAGE = 500;
    private const SCOPES_MAX = 500;
    private const CURSOR = 'scope_cursor';
    private const DIGEST = 'scope.';

    private readonly ScopeDigest $digest;

    public function __construct(
        private readonly Database $database,
        private readonly OutboxRepository $outbox,
        private readonly StateRepository $states,
    ) {
        $this->digest = new ScopeDigest($database);
    }

    /**
     * Expands what waits, until `now` reaches the deadline; at least one page.
     *
     * @param float $deadline seconds, as `microtime(true)` gives them
     * @return bool whether nothing is left
     */
    public function run(Connection $connection, float $deadline): bool
    {
        do {
            $cursor = $this->cursor($connection) ?? $this->next($connection);
            if ($cursor === null) {
                return true;
            }
            $this->page($connection, $cursor);
        } while (microtime(true) < $deadline);

        return false;
    }

    private function cursor(Connection $connection): ?ScopeCursor
    {
        return ScopeCursor::fromText($this->states->get($connection->id, self::CURSOR) ?? '');
    }

    /** Starts with the oldest scope that is not as it was; those that are, are dropped. */
    private function next(Connection $connection): ?ScopeCursor
    {
        while (($rows = $this->outbox->takeScopes($connection->id, self::SCOPES_MAX)) !== []) {
            $scopes = [];
            foreach ($rows as $row) {
                $scopes["{$row->kind->value}.{$row->entityId}"][] = $row;
            }
            foreach ($scopes as $name => $same) {
                $cursor = ScopeCursor::begin($same, $this->digest->of($same[0]->kind, $same[0]->entityId));
                $isSame = $cursor->digest !== null
                    && $cursor->digest === $this->states->get($connection->id, self::DIGEST . $name);
                if (!$isSame || $cursor->isForced) {
                    $this->states->set($connection->id, self::CURSOR, $cursor->toText());

                    return $cursor;
                }
                $this->outbox->drop($cursor->rowIds);
            }
        }

        return null;
    }

    private function page(Connection $connection, ScopeCursor $cursor): void
    {
        $ids = $this->entities($connection, $cursor);
        $kinds = match ($cursor->kind) {
            Kind::PriceType => [Kind::Price],
            Kind::Warehouse => [Kind::Stock],
            // What makes a product appear or vanish, does it to its stock as well, and that is more urgent.
            Kind::Section => [Kind::Product, Kind::Stock],
            default => [Kind::Product],
        };
        foreach ($kinds as $kind) {
            $this->outbox->append($connection->id, $kind, $ids, $cursor->cause, $cursor->isForced);
        }
        if (count($ids) === self::PAGE) {
            $this->states->set($connection->id, self::CURSOR, $cursor->after($ids[self::PAGE - 1])->toText());

            return;
        }
        if ($cursor->digest !== null) {
            $name = self::DIGEST . "{$cursor->kind->value}.{$cursor->entityId}";
            $this->states->set($connection->id, $name, $cursor->digest);
        }
        $this->outbox->drop($cursor->rowIds);
        $this->states->delete($connection->id, self::CURSOR);
    }

    /** @return list<int> the next elements of the scope, by id */
    private function entities(Connection $connection, ScopeCursor $cursor): array
    {
        $family = array_keys((new IblockFamily($this->database))->of($connection->iblockIds));
        if ($cursor->kind === Kind::Definition || $cursor->kind === Kind::Iblock) {
            $family = array_values(array_intersect($family, [$cursor->entityId]));
        }
        if ($family === []) {
            return [];
        }
        $iblocks = implode(',', $family);
        $sql = $cursor->kind === Kind::Section
            ? 'SELECT DISTINCT M.IBLOCK_ELEMENT_ID AS ELEMENT_ID FROM b_iblock_section S'
                . ' INNER JOIN b_iblock_section D ON D.IBLOCK_ID = S.IBLOCK_ID'
                . ' AND D.LEFT_MARGIN >= S.LEFT_MARGIN AND D.RIGHT_MARGIN <= S.RIGHT_MARGIN'
                . ' INNER JOIN b_iblock_section_element M ON M.IBLOCK_SECTION_ID = D.ID'
                . " WHERE S.ID = {$cursor->entityId} AND S.IBLOCK_ID IN ($iblocks)"
                . " AND M.IBLOCK_ELEMENT_ID > {$cursor->lastId} ORDER BY M.IBLOCK_ELEMENT_ID"
            : "SELECT ID AS ELEMENT_ID FROM b_iblock_element WHERE IBLOCK_ID IN ($iblocks)"
                . " AND ID > {$cursor->lastId} AND WF_PARENT_ELEMENT_ID IS NULL ORDER BY ID";
        $rows = $this->database->query("$sql LIMIT " . self::PAGE);
        $ids = [];
        while ($row = $rows->fetch()) {
            $ids[] = (int)$row['ELEMENT_ID'];
        }

        return $ids;
    }
}
