<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/** Which attribute of which section is meant. */
final class AttributePlace
{
    public function __construct(
        public readonly string $section,
        public readonly int $attribute,
        public readonly bool $isOfSku,
    ) {
    }
}
