<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

/** That something was seen to change. */
final class Touch
{
    /** @param int|null $waitSeconds how long it waits for the end of an exchange at most; null: it may go at once */
    public function __construct(
        public readonly Kind $kind,
        public readonly int $entityId,
        public readonly Cause $cause,
        public readonly ?int $waitSeconds = null,
    ) {
    }

    /** This and a later touch of the same key in one: the more urgent cause, the shorter wait. */
    public function and(self $later): self
    {
        if ($this->cause === $later->cause && $this->waitSeconds === $later->waitSeconds) {
            return $later;
        }
        $waits = $this->waitSeconds !== null && $later->waitSeconds !== null;
        $wait = $waits ? min($this->waitSeconds, $later->waitSeconds) : null;

        return new self($this->kind, $this->entityId, $this->cause->orUrgent($later->cause), $wait);
    }
}
