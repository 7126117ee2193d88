<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

/**
 * The changes that one hit sees, on their way into the outbox.
 *
 * The first touch of a key writes its row at once, so that a hit which dies loses nothing. Later ones are remembered
 * and
 * written again together, at `LATER_MAX` keys and at shutdown: the sender may have taken the first row, and the state
 * before the last change, in between. A write that fails is remembered in the same way and never reaches the shop's
 * code;
 * only a deadlock that ended the shop's transaction does, because the shop must not go on as if it still stood.
 */
final class Touches
{
    /** Remembered keys that are written together. */
    public const LATER_MAX = 500;

    /** Keys whose first touch is known; above this they are forgotten, and first touches again. */
    private const SEEN_MAX = 200000;

    /** Keys that are kept while the database takes none; more are left to the sweep. */
    private const UNWRITTEN_MAX = 50000;

    /** @var array<int, array<string, array<int, true>>> connection => kind => entity */
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
     */
    public function __construct(
        private readonly OutboxRepository $outbox,
        private readonly \Closure $connectionIds,
        private readonly \Closure $endedTransaction,
        private readonly \Closure $log,
        private readonly \Closure $atShutdown,
        private readonly \Closure $atFirst,
    ) {
    }

    /**
     * Says that an entity, or a scope, changed.
     *
     * @param list<int>|null $connectionIds those that it concerns; null: all active ones
     * @param int|null $waitSeconds how long it waits for the end of an exchange at most; null: it may go at once
     * @throws \Throwable the deadlock that ended the shop's transaction, nothing else
     */
    public function touch(
        Kind $kind,
        int $entityId,
        Cause $cause,
        ?array $connectionIds = null,
        ?int $waitSeconds = null,
    ): void {
        $name = $kind->value;
        $first = [];
        foreach ($connectionIds ?? ($this->connectionIds)() as $connectionId) {
            if (isset($this->seen[$connectionId][$name][$entityId])) {
                $this->remember($connectionId, $kind, $entityId, $cause, $waitSeconds);
            } else {
                $first[] = $connectionId;
            }
        }
        if ($first !== []) {
            $this->writeFirst($first, new Touch($kind, $entityId, $cause, $waitSeconds));
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
        try {
            foreach ($this->later as $connectionId => $kinds) {
                $touches = array_merge(...array_map(array_values(...), array_values($kinds)));
                $this->outbox->appendTouches([$connectionId], $touches);
                $this->laterCount -= count($touches);
                unset($this->later[$connectionId]);
            }
            $this->writeAgainAt = self::LATER_MAX;
        } catch (\Throwable $error) {
            $this->writeAgainAt = $this->laterCount + self::LATER_MAX;
            $this->failed($error);
        }
    }

    /** @param list<int> $connectionIds */
    private function writeFirst(array $connectionIds, Touch $touch): void
    {
        $this->begin();
        try {
            $this->outbox->appendTouches($connectionIds, [$touch]);
        } catch (\Throwable $error) {
            $this->failed($error);
            foreach ($connectionIds as $connectionId) {
                $this->remember($connectionId, $touch->kind, $touch->entityId, $touch->cause, $touch->waitSeconds);
            }

            return;
        }
        if ($this->seenCount >= self::SEEN_MAX) {
            $this->forgetSeen();
        }
        foreach ($connectionIds as $connectionId) {
            $this->seen[$connectionId][$touch->kind->value][$touch->entityId] = true;
            $this->seenCount++;
        }
    }

    private function remember(int $connectionId, Kind $kind, int $entityId, Cause $cause, ?int $waitSeconds): void
    {
        $known = $this->later[$connectionId][$kind->value][$entityId] ?? null;
        if ($known === null) {
            if ($this->laterCount >= self::UNWRITTEN_MAX) {
                return;
            }
            $this->laterCount++;
        } elseif ($known->cause === $cause && $known->waitSeconds === $waitSeconds) {
            return;
        } else {
            $cause = $cause->orUrgent($known->cause);
            $waitSeconds = $known->waitSeconds === null ? null : $waitSeconds;
        }
        $this->later[$connectionId][$kind->value][$entityId] = new Touch($kind, $entityId, $cause, $waitSeconds);
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
