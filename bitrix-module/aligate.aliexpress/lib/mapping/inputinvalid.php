<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/** What a page posted cannot be taken. */
final class InputInvalid extends \RuntimeException
{
    /**
     * @param string $field where it stands in the form; '' for the whole
     * @param string $what code of a phrase: `number`, `unreadable`
     */
    public function __construct(public readonly string $field, public readonly string $what)
    {
        parent::__construct("$field: $what");
    }
}
