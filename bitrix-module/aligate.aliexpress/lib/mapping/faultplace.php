<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/** What a path of the gateway means: `categories.3.attributes.0.value_id` names places in lists, a seller names sections. */
final class FaultPlace
{
    /**
     * @param string $section '': it is of every category
     * @param int $attribute AliExpress's; 0: it is of none
     * @param string $rest the path below those
     */
    private function __construct(
        public readonly string $section,
        public readonly int $attribute,
        public readonly string $rest,
    ) {
    }

    public static function of(string $path, Mapping $mapping): self
    {
        $section = '';
        $attribute = 0;
        if (preg_match('/\Acategories\.([0-9]{1,9})\.?(.*)\z/s', $path, $parts) === 1) {
            $section = $mapping->sectionAt((int)$parts[1]);
            $path = $parts[2];
        }
        if (preg_match('/\A(sku_)?attributes\.([0-9]{1,9})\.?(.*)\z/s', $path, $parts) === 1) {
            $attribute = (int)($mapping->attributes($section, $parts[1] !== '')[(int)$parts[2]]['attribute'] ?? 0);
            $path = $parts[3];
        }

        return new self($section, $attribute, $path);
    }
}
