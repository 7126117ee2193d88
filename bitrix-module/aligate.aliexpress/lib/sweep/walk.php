<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sweep;

use Aligate\Aliexpress\Outbox\StateRepository;
use Aligate\Aliexpress\Reading\Rows;

/**
 * Walks along rows by their time of change, from the watermark on: the greatest time that was read, less an overlap,
 * since a row
 * of an earlier time may be committed later and the clocks of PHP and of the database differ.
 *
 * A walk that is cut off goes on where it was; only at its end the watermark moves.
 */
final class Walk
{
    private const OVERLAP_SECS = 600;

    /**
     * @param string $name of the walk, in the state
     * @param string $from tables and condition: `... WHERE ...`
     * @param string $id the column of what is compared
     * @param string $key the column that orders rows of one time
     * @param string $time the column of the time of change
     */
    public function __construct(
        private readonly Rows $rows,
        private readonly StateRepository $states,
        private readonly string $name,
        private readonly string $from,
        private readonly string $id,
        private readonly string $key,
        private readonly string $time,
    ) {
    }

    /**
     * One page of what changed.
     *
     * @return list<int>|null null at the end of the walk
     */
    public function page(int $connectionId, int $limit): ?array
    {
        [$time, $key, $greatest] = $this->cursor($connectionId);
        $rows = $this->rows->all(
            "SELECT {$this->id} AS ENTITY_ID, {$this->key} AS ROW_KEY, {$this->time} AS CHANGED_AT FROM {$this->from}"
            . " AND ({$this->time} > '$time' OR ({$this->time} = '$time' AND {$this->key} > $key))"
            . " ORDER BY {$this->time}, {$this->key} LIMIT $limit"
        );
        if ($rows === []) {
            $this->states->set($connectionId, $this->name, $this->end($greatest));

            return null;
        }
        $last = $rows[count($rows) - 1];
        $greatest = max($greatest, (string)$last['CHANGED_AT']);
        $this->states->set($connectionId, $this->name, json_encode([
            'time' => $last['CHANGED_AT'],
            'key' => (int)$last['ROW_KEY'],
            'greatest' => $greatest,
        ], JSON_THROW_ON_ERROR));

        return array_values(array_unique(array_map(static fn (array $row): int => (int)$row['ENTITY_ID'], $rows)));
    }

    /** @return array{string, int, string} where it goes on, and the greatest time so far */
    private function cursor(int $connectionId): array
    {
        $saved = json_decode((string)$this->states->get($connectionId, $this->name), true, 4);
        $time = is_array($saved) ? (string)($saved['time'] ?? '') : '';
        if (preg_match('/\A[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]+\z/', $time) === 1) {
            return [$time, (int)($saved['key'] ?? 0), max($time, (string)($saved['greatest'] ?? ''))];
        }
        // The first time: what changed before is the full pass's.
        $now = (string)$this->rows->all('SELECT NOW() AS NOW_TEXT')[0]['NOW_TEXT'];

        return [$now, 0, $now];
    }

    private function end(string $greatest): string
    {
        $sql = "SELECT '$greatest' - INTERVAL " . self::OVERLAP_SECS . ' SECOND AS BACK_TEXT';
        $back = $this->rows->all($sql)[0]['BACK_TEXT'];

        return json_encode(['time' => $back, 'key' => 0, 'greatest' => $greatest], JSON_THROW_ON_ERROR);
    }
}
