<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** What an element has in a property, as people read it. */
final class PropertyValue
{
    /** @param non-empty-list<array{string, ?string}> $values text and the id of what it was chosen from */
    public function __construct(public readonly Property $property, public readonly array $values)
    {
    }

    public function text(): string
    {
        return $this->values[0][0];
    }
}
