<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Installation;

/** Why the module cannot be installed. */
final class Fault
{
    /** @param array<string, string> $values what stands in the phrase's places */
    public function __construct(public readonly string $code, public readonly array $values)
    {
    }
}
