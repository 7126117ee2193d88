<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

use Aligate\Aliexpress\Reading\Property;

/** A property of goods by its code: several infoblocks may have one of the same code. */
final class ShopProperty
{
    /** @param non-empty-list<Property> $definitions */
    public function __construct(public readonly string $code, public readonly array $definitions)
    {
    }

    public function name(): string
    {
        return $this->definitions[0]->name;
    }

    /** Whether its values are known by ids: of a list, a directory, linked elements and sections. */
    public function hasIds(): bool
    {
        return $this->definitions[0]->directoryTable !== ''
            || in_array($this->definitions[0]->type, ['L', 'E', 'G'], true);
    }
}
