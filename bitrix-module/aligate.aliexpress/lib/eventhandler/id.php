<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

/** Ids as the kernel hands them over: an integer, its text, or an array with the primary key. */
final class Id
{
    /** 0 where there is no id. */
    public static function of(mixed $value): int
    {
        if (is_array($value)) {
            $value = $value['ID'] ?? (count($value) === 1 ? reset($value) : null);
        }
        if (is_int($value)) {
            return max(0, $value);
        }

        return is_string($value) && preg_match('/\A[0-9]{1,10}\z/', $value) === 1 ? (int)$value : 0;
    }
}
