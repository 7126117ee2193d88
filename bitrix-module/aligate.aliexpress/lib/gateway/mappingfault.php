<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

/** A fault of a mapping that the gateway refused. */
final class MappingFault
{
    /**
     * @param string $path where it is: `categories.3.attributes.0.value_id`
     * @param string $code stable
     */
    public function __construct(
        public readonly string $path,
        public readonly string $code,
        public readonly string $russian,
        public readonly string $english,
    ) {
    }
}
