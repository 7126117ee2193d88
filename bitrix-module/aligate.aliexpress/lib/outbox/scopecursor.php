<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

/** How far the expansion of a scope has come. */
final class ScopeCursor
{
    /**
     * @param list<int> $rowIds the outbox rows that it stands for
     * @param string|null $digest what the scope was like when the expansion began; null: it has none
     * @param int $lastId the last element that was marked
     */
    private function __construct(
        public readonly Kind $kind,
        public readonly int $entityId,
        public readonly Cause $cause,
        public readonly bool $isForced,
        public readonly array $rowIds,
        public readonly ?string $digest,
        public readonly int $lastId,
    ) {
    }

    /** @param non-empty-list<OutboxRow> $rows of one scope */
    public static function begin(array $rows, ?string $digest): self
    {
        $cause = $rows[0]->cause;
        $isForced = false;
        foreach ($rows as $row) {
            $cause = $cause->orUrgent($row->cause);
            $isForced = $isForced || $row->isForced;
        }
        $ids = array_map(static fn (OutboxRow $row): int => $row->id, $rows);

        return new self($rows[0]->kind, $rows[0]->entityId, $cause, $isForced, $ids, $digest, 0);
    }

    public function after(int $lastId): self
    {
        return new self(
            $this->kind,
            $this->entityId,
            $this->cause,
            $this->isForced,
            $this->rowIds,
            $this->digest,
            $lastId,
        );
    }

    public function toText(): string
    {
        return json_encode([
            'kind' => $this->kind->value,
            'entity' => $this->entityId,
            'cause' => $this->cause->value,
            'forced' => $this->isForced,
            'rows' => $this->rowIds,
            'digest' => $this->digest,
            'last' => $this->lastId,
        ], JSON_THROW_ON_ERROR);
    }

    /** Null where the text is no cursor: the expansion begins anew. */
    public static function fromText(string $text): ?self
    {
        $saved = json_decode($text, true);
        $kind = is_array($saved) ? Kind::tryFrom((string)($saved['kind'] ?? '')) : null;
        if ($kind === null || !is_array($saved['rows'] ?? null)) {
            return null;
        }

        return new self(
            $kind,
            (int)($saved['entity'] ?? 0),
            Cause::tryFrom((string)($saved['cause'] ?? '')) ?? Cause::Edit,
            ($saved['forced'] ?? false) === true,
            array_values(array_map(intval(...), $saved['rows'])),
            is_string($saved['digest'] ?? null) ? $saved['digest'] : null,
            (int)($saved['last'] ?? 0),
        );
    }
}
