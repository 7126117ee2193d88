<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/** A section of the shop as the mapping shows it. */
final class ShopSection
{
    /**
     * @param string $path names from the top
     * @param list<int> $above ids from the top, without itself
     * @param int $products active ones whose main section it is
     */
    public function __construct(
        public readonly int $id,
        public readonly int $iblockId,
        public readonly string $path,
        public readonly array $above,
        public readonly int $products,
    ) {
    }

    /** The last of its names. */
    public function name(): string
    {
        $names = explode(' / ', $this->path);

        return end($names);
    }
}
