<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Log\Journal;
use Aligate\Aliexpress\Log\Level;
use Aligate\Aliexpress\Outbox\OutboxRepository;
use Aligate\Aliexpress\Outbox\ParkedRow;
use Aligate\Aliexpress\Outbox\StateRepository;

/**
 * Notices that the shop's database was restored from a backup. Then what it says may be old: deletions and zeros
 * wait, parked as
 * `shop_restored`, until a person has said that the shop is right, best after a full export. Everything else goes on.
 */
final class Restoration
{
    /** Why rows are parked meanwhile. */
    public const CODE = 'shop_restored';

    private const NAME = 'restored_at';
    private const INSTALLATION = 'installation';

    /** A crash of the database may lose its last moments; that is no restored backup. */
    private const TOLERANCE_US = 300000000;

    private const PAGE = 500;

    /** @param \Closure(): int $now unix seconds */
    public function __construct(
        private readonly StateRepository $states,
        private readonly OutboxRepository $outbox,
        private readonly VersionClock $versions,
        private readonly RestoreMarker $marker,
        private readonly Journal $journal,
        private readonly \Closure $now,
    ) {
    }

    /** Looks whether the database is behind what was issued, under the lock of the drain, before anything is sent. */
    public function look(int $connectionId): void
    {
        $newest = $this->marker->read($connectionId, $this->installation($connectionId));
        if ($newest === 0) {
            return;
        }
        $floor = $this->versions->floor($connectionId);
        if ($newest - $floor > self::TOLERANCE_US && !$this->isHeld($connectionId)) {
            $this->states->set($connectionId, self::NAME, (string)($this->now)());
            $this->journal->write(
                $connectionId,
                Level::Error,
                self::CODE,
                'the database is older than what was sent: deletions and sold-out stock wait until somebody confirms'
                    . ' that the shop is right',
            );
        }
        // After the hold, so that a death between the two notices it again.
        $this->versions->raise($connectionId, $newest);
    }

    /** A version was issued; called after the database has it. */
    public function issued(int $connectionId, int $version): void
    {
        $this->marker->write($connectionId, $this->installation($connectionId), $version);
    }

    public function isHeld(int $connectionId): bool
    {
        return $this->states->get($connectionId, self::NAME) !== null;
    }

    /** Unix seconds of when it was noticed; null: the shop was not restored, or somebody has confirmed it. */
    public function noticedAt(int $connectionId): ?int
    {
        $at = $this->states->get($connectionId, self::NAME);

        return $at === null ? null : (int)$at;
    }

    /**
     * A person says that the shop is right: what waited may go.
     *
     * @return int how many rows wait to be sent again
     */
    public function confirm(int $connectionId): int
    {
        $this->states->delete($connectionId, self::NAME);
        $released = 0;
        $before = 0;
        do {
            $page = $this->outbox->parked($connectionId, self::PAGE, $before);
            $held = array_filter($page, static fn (ParkedRow $one): bool => $one->code === self::CODE);
            $ids = array_values(array_map(static fn (ParkedRow $one): int => $one->row->id, $held));
            $released += $this->outbox->redrive($connectionId, $ids);
            $before = $page === [] ? 0 : $page[count($page) - 1]->row->id;
        } while (count($page) === self::PAGE);

        return $released;
    }

    /** Names this installation of the module's tables: the marker of an earlier one says nothing of this one's data. */
    private function installation(int $connectionId): string
    {
        $known = $this->states->get($connectionId, self::INSTALLATION);
        if ($known === null) {
            $known = bin2hex(random_bytes(8));
            $this->states->set($connectionId, self::INSTALLATION, $known);
        }

        return $known;
    }
}
