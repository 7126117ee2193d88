<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/** The gateway refused a mapping; nothing was changed. Every fault with its place in the seller's words. */
final class MappingRefused extends \RuntimeException
{
    /** @param list<array{sectionPath: string, attribute: string, path: string, code: string, text: string}> $faults */
    public function __construct(public readonly array $faults, \Throwable $previous)
    {
        parent::__construct('the mapping has faults', 0, $previous);
    }
}
