<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** A section of an infoblock. */
final class Section
{
    /** @param int $parentId 0: it is at the top */
    public function __construct(
        public readonly int $id,
        public readonly int $parentId,
        public readonly string $name,
        public readonly string $code,
        public readonly bool $isActive,
    ) {
    }
}
