<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

/**
 * The changes that one hit sees, on their way into the outbox.
 *
 * The first touch of a key writes its row at once, so that a hit which dies loses nothing. Later ones are remembered and
 * written again together, at `LATER_MAX` keys and at shutdown: the sender may have taken the first row, and the state
 * before the last change, in between. In a process that lives on, a key that was written `SEEN_SECS` ago is a first
 * touch again, so that nothing is remembered for hours.
 *
 * A write that fails is remembered in the same way and never reaches the shop's code; only a deadlock that ended the
 * shop's transaction does, because the shop must not go on as if it still stood.
 */
final class Touches
{
    /** Remembered keys that are written together. */
    public const LATER_MAX = 500;

    /** A touch is the first of its key again this long after the key was written. */
    private const SEEN_SECS = 5;

    /** Keys whose first touch is known; above this they are forgotten, and first touches again. */
    private const SEEN_MAX = 200000;

    /** Keys that are kept while the database takes none; more are left to the sweep. */
    private const UNWRITTEN_MAX = 50000;

    /** @var array<int, array<string, array<int, int>>> connection => kind => entity => when it was written */
    private array $seen = [];
    private int $seenCount = 0;

    /** @var array<int, array<string, array<int, Touch>>> connection => kind => entity => its last touch */
    private array $later = [];
    private int $laterCount = 0;
    private int $writeAgainAt = self::LATER_MAX;
    private bool $isRegistered = false;

    /**
     * @param \Closure(): list<int> $connectionIds of the active connections
     * @param \Closure(\Throwable): bool $endedTransaction whether the failure ended a transaction of the shop
     * @param \Closure(\Throwable): void $log
     * @param \Closure(\Closure(): void): void $atShutdown calls back when the hit ends, however it ends
     * @param \Closure(): void $atFirst called once, before the first write: the hit has something to send
     * @param \Closure(): int $clock seconds since any moment
     */
    public function __construct(
        private readonly OutboxRepository $outbox,
        private readonly \Closure $connectionIds,
        private readonly \Closure $endedTransaction,
        private readonly \Closure $log,
        private readonly \Closure $atShutdown,
        private readonly \Closure $atFirst,
        private readonly \Closure $clock,
    ) {
    }

    /**
     * Says that an entity, or a scope, changed.
     *
     * @param list<int>|null $connectionIds those that it concerns; null: all active ones
     * @throws \Throwable the deadlock that ended the shop's transaction, nothing else
     */
    public function touch(Kind $kind, int $entityId, Cause $cause, ?array $connectionIds = null): void
    {
        $this->touchAll([new Touch($kind, $entityId, $cause)], $connectionIds ?? ($this->connectionIds)());
    }

    /**
     * Says that several things changed at once: those that are touched for the first time are written together, for
     * what a write costs is mostly its commit.
     *
     * @param list<Touch> $touches
     * @param list<int> $connectionIds those that they concern
     * @throws \Throwable the deadlock that ended the shop's transaction, nothing else
     */
    public function touchAll(array $touches, array $connectionIds): void
    {
        $first = [];
        $now = ($this->clock)();
        foreach ($connectionIds as $connectionId) {
            foreach ($touches as $touch) {
                $seenAt = $this->seen[$connectionId][$touch->kind->value][$touch->entityId] ?? null;
                if ($seenAt !== null && $now - $seenAt < self::SEEN_SECS) {
                    $this->remember($connectionId, $touch);
                } else {
                    $first[$connectionId][] = $touch;
                }
            }
        }
        if ($first !== []) {
            $this->writeFirst($first, $now);
        }
        if ($this->laterCount >= $this->writeAgainAt) {
            $this->flush();
        }
    }

    /**
     * Writes what is remembered. A drain in the same hit calls it first.
     *
     * @throws \Throwable the deadlock that ended the shop's transaction, nothing else
     */
    public function flush(): void
    {
        if ($this->laterCount === 0) {
            return;
        }
        $touches = [];
        foreach ($this->later as $connectionId => $kinds) {
            $touches[$connectionId] = array_merge([], ...array_map(array_values(...), array_values($kinds)));
        }
        try {
            $this->outbox->appendTouches($touches);
            $this->later = [];
            $this->laterCount = 0;
            $this->writeAgainAt = self::LATER_MAX;
        } catch (\Throwable $error) {
            $this->writeAgainAt = $this->laterCount + self::LATER_MAX;
            $this->failed($error);
        }
    }

    /** @param array<int, non-empty-list<Touch>> $first connection => what it has not seen yet */
    private function writeFirst(array $first, int $now): void
    {
        $this->begin();
        try {
            $this->outbox->appendTouches($first);
        } catch (\Throwable $error) {
            $this->failed($error);
            foreach ($first as $connectionId => $touches) {
                foreach ($touches as $touch) {
                    $this->remember($connectionId, $touch);
                }
            }

            return;
        }
        if ($this->seenCount >= self::SEEN_MAX) {
            $this->forgetSeen();
        }
        foreach ($first as $connectionId => $touches) {
            foreach ($touches as $touch) {
                $this->seenCount += isset($this->seen[$connectionId][$touch->kind->value][$touch->entityId]) ? 0 : 1;
                $this->seen[$connectionId][$touch->kind->value][$touch->entityId] = $now;
                $this->forget($connectionId, $touch);
            }
        }
    }

    private function remember(int $connectionId, Touch $touch): void
    {
        $known = $this->later[$connectionId][$touch->kind->value][$touch->entityId] ?? null;
        if ($known !== null) {
            $touch = $known->and($touch);
        } elseif ($this->laterCount >= self::UNWRITTEN_MAX) {
            return;
        } else {
            $this->laterCount++;
        }
        $this->later[$connectionId][$touch->kind->value][$touch->entityId] = $touch;
    }

    /** What is remembered of a key is told by the row that was just written. */
    private function forget(int $connectionId, Touch $touch): void
    {
        if (isset($this->later[$connectionId][$touch->kind->value][$touch->entityId])) {
            unset($this->later[$connectionId][$touch->kind->value][$touch->entityId]);
            $this->laterCount--;
        }
    }

    private function failed(\Throwable $error): void
    {
        if (($this->endedTransaction)($error)) {
            // Its rows of ours are gone with it: if the shop does the same again, these are first touches again.
            $this->forgetSeen();
            throw $error;
        }
        ($this->log)($error);
    }

    private function forgetSeen(): void
    {
        $this->seen = [];
        $this->seenCount = 0;
    }

    private function begin(): void
    {
        if ($this->isRegistered) {
            return;
        }
        $this->isRegistered = true;
        ($this->atShutdown)(function (): void {
            try {
                $this->flush();
            } catch (\Throwable $error) {
                ($this->log)($error);
            }
        });
        try {
            ($this->atFirst)();
        } catch (\Throwable $error) {
            ($this->log)($error);
        }
    }
}
