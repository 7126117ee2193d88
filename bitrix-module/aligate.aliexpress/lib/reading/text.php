<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** Texts of the database as JSON can hold them: bytes that are no UTF-8 are replaced, never a reason to fail. */
final class Text
{
    /** A text of one line: without control characters and spaces around it. */
    public static function line(string $text): string
    {
        return trim((string)preg_replace('/[\x00-\x1F\x7F]+/', ' ', mb_scrub($text, 'UTF-8')));
    }

    /** A text of several lines. */
    public static function block(string $text): string
    {
        return trim((string)preg_replace('/[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]+/', ' ', mb_scrub($text, 'UTF-8')));
    }

    /** Plain text as HTML that looks the same. */
    public static function html(string $text): string
    {
        return nl2br(htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8'), false);
    }
}
