<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/** Which sections a page shows. */
final class SectionFilter
{
    /** @param string $state `all`, `unmapped` or `mapped` */
    public function __construct(
        public readonly string $search = '',
        public readonly string $state = 'all',
        public readonly bool $withProducts = false,
    ) {
    }

    /** @param array<array-key, mixed> $posted */
    public static function read(array $posted): self
    {
        return new self(
            is_string($posted['search'] ?? null) ? trim($posted['search']) : '',
            is_string($posted['state'] ?? null) ? $posted['state'] : 'all',
            ($posted['withProducts'] ?? false) === true,
        );
    }

    /** @param int $category 0: it has none */
    public function lets(ShopSection $section, int $category): bool
    {
        return match ($this->state) {
            'unmapped' => $category === 0,
            'mapped' => $category !== 0,
            default => true,
        } && (!$this->withProducts || $section->products > 0) && Names::holds($section->path, $this->search);
    }
}
