<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

/** What we have written into the shop's order so far; kept beside its row, so that a manager's change is told from ours. */
final class Done
{
    /**
     * @param int $phase the greatest that was seen; 0: none
     * @param string $mark the reason that we marked the order with; '': we did not
     * @param array<string, int> $lines line => pieces as we wrote them
     */
    public function __construct(
        public readonly int $phase = 0,
        public readonly bool $isPaid = false,
        public readonly string $mark = '',
        public readonly bool $isCancelled = false,
        public readonly array $lines = [],
        public readonly bool $isShippedInShop = false,
    ) {
    }

    public static function fromText(string $text): self
    {
        $saved = json_decode($text, true, 4);
        if (!is_array($saved)) {
            return new self();
        }

        return new self(
            (int)($saved['phase'] ?? 0),
            (bool)($saved['is_paid'] ?? false),
            (string)($saved['mark'] ?? ''),
            (bool)($saved['is_cancelled'] ?? false),
            array_map(intval(...), is_array($saved['lines'] ?? null) ? $saved['lines'] : []),
        );
    }

    public function toText(): string
    {
        return json_encode([
            'phase' => $this->phase,
            'is_paid' => $this->isPaid,
            'mark' => $this->mark,
            'is_cancelled' => $this->isCancelled,
            'lines' => $this->lines,
        ], JSON_THROW_ON_ERROR);
    }

    /** The same, with what the shop itself says of its shipments. */
    public function seenInShop(bool $isShipped): self
    {
        return new self($this->phase, $this->isPaid, $this->mark, $this->isCancelled, $this->lines, $isShipped);
    }
}
