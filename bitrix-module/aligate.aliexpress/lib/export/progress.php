<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Export;

use Aligate\Aliexpress\Saved;

/** How far a full export of a connection is; kept in the database, so that a closed tab loses nothing. */
final class Progress
{
    public const RUNNING = 'running';
    public const DONE = 'done';
    public const CANCELLED = 'cancelled';

    /**
     * @param string $state running, done or cancelled
     * @param int $iblockId the infoblock; 0: all of the connection
     * @param int $sectionId the section with those below it; 0: the whole infoblock
     * @param bool $isForced whether states are sent though AliExpress has them
     * @param int $lastId the greatest element that was taken
     * @param int $done products so far
     * @param int $total products in all, counted at the start
     * @param int $movedAt unix seconds of the last step
     */
    public function __construct(
        public readonly string $state,
        public readonly int $iblockId,
        public readonly int $sectionId,
        public readonly bool $isForced,
        public readonly int $lastId,
        public readonly int $done,
        public readonly int $total,
        public readonly int $movedAt,
    ) {
    }

    public static function fromText(string $text): ?self
    {
        $saved = json_decode($text, true, 4);
        if (!is_array($saved)) {
            return null;
        }
        $state = Saved::text($saved, 'state');

        return new self(
            in_array($state, [self::RUNNING, self::DONE], true) ? $state : self::CANCELLED,
            Saved::integer($saved, 'iblock_id'),
            Saved::integer($saved, 'section_id'),
            Saved::flag($saved, 'is_forced', false),
            Saved::integer($saved, 'last_id'),
            Saved::integer($saved, 'done'),
            Saved::integer($saved, 'total'),
            Saved::integer($saved, 'moved_at'),
        );
    }

    public function toText(): string
    {
        return json_encode($this->toArray(), JSON_THROW_ON_ERROR);
    }

    /** @return array{state: string, iblock_id: int, section_id: int, is_forced: bool, last_id: int, done: int, total: int, moved_at: int} */
    public function toArray(): array
    {
        return [
            'state' => $this->state,
            'iblock_id' => $this->iblockId,
            'section_id' => $this->sectionId,
            'is_forced' => $this->isForced,
            'last_id' => $this->lastId,
            'done' => $this->done,
            'total' => $this->total,
            'moved_at' => $this->movedAt,
        ];
    }

    public function isRunning(): bool
    {
        return $this->state === self::RUNNING;
    }

    /** After a step that took so many products up to an id; none means that it is over. */
    public function after(int $taken, int $lastId, int $now): self
    {
        return new self(
            $taken > 0 ? self::RUNNING : self::DONE,
            $this->iblockId,
            $this->sectionId,
            $this->isForced,
            max($this->lastId, $lastId),
            $this->done + $taken,
            max($this->total, $this->done + $taken),
            $now,
        );
    }

    public function cancelled(int $now): self
    {
        return new self(
            self::CANCELLED,
            $this->iblockId,
            $this->sectionId,
            $this->isForced,
            $this->lastId,
            $this->done,
            $this->total,
            $now,
        );
    }
}
