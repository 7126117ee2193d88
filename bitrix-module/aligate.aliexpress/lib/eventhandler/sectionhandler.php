<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

/**
 * Sections: their name and activity are those of every product in them, which the expander of scopes looks up later.
 */
final class SectionHandler
{
    public static function onAfterChange(mixed $fields = null): void
    {
        Catching::run(static function (Hit $hit) use ($fields): void {
            if (is_array($fields) && ($fields['RESULT'] ?? true)) {
                $hit->section(Id::of($fields['ID'] ?? null), Id::of($fields['IBLOCK_ID'] ?? null));
            }
        });
    }

    /** Products that are in another section too are only bound anew, and nothing says which they were. */
    public static function onAfterDelete(mixed $row = null): void
    {
        Catching::run(static function (Hit $hit) use ($row): void {
            $hit->iblock(Id::of(is_array($row) ? $row['IBLOCK_ID'] ?? null : null));
        });
    }

    public static function onOrmAfter(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            $row = OrmRow::of($event, 'b_iblock_section', ['IBLOCK_ID'], $hit->memory);
            $hit->section(OrmRow::id($event), Id::of($row['IBLOCK_ID'] ?? null));
        });
    }

    public static function onOrmDelete(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            OrmRow::remember($event, 'b_iblock_section', ['IBLOCK_ID'], $hit->memory);
        });
    }

    public static function onOrmAfterDelete(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            $row = $hit->memory->takeOut('b_iblock_section', OrmRow::id($event));
            $hit->iblock(Id::of($row['IBLOCK_ID'] ?? null));
        });
    }
}
