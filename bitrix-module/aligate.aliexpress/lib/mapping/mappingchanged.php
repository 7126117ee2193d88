<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/** The mapping is no longer the one that a page was opened with: somebody else changed it. */
final class MappingChanged extends \RuntimeException
{
    public function __construct(?\Throwable $previous = null)
    {
        parent::__construct('the mapping was changed meanwhile', 0, $previous);
    }
}
