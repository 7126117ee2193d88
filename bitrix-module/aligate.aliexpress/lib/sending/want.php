<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Outbox\Cause;

/** That a state is to be told: on whose behalf, why, and whether even if it was told before. */
final class Want
{
    /**
     * @param list<int> $rowIds rows of the outbox that wait for it
     * @param bool $isForced even if AliExpress has it
     * @param bool $isCheck only where it differs from what was last told
     */
    public function __construct(
        public readonly array $rowIds,
        public readonly Cause $cause,
        public readonly bool $isForced = false,
        public readonly bool $isCheck = false,
    ) {
    }

    /** What follows from it for something else that nobody reported: told only where it differs. */
    public function derived(): self
    {
        return new self($this->rowIds, $this->cause, $this->isForced, true);
    }

    public function with(?self $other): self
    {
        if ($other === null) {
            return $this;
        }

        return new self(
            array_values(array_unique([...$this->rowIds, ...$other->rowIds])),
            $this->cause->orUrgent($other->cause),
            $this->isForced || $other->isForced,
            $this->isCheck && $other->isCheck,
        );
    }

    /** Whether a state of this hash is to be told, where `told` are the hashes of what was last told of it. */
    public function asksFor(string $hash, ?string ...$told): bool
    {
        $differs = static fn (?string $one): bool => $one !== $hash;

        return !$this->isCheck || $this->isForced || array_filter($told, $differs) !== [];
    }
}
