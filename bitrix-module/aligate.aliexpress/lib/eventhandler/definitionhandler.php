<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

/**
 * Definitions of infoblocks: names, properties, list values, values of directories. A 1C exchange writes them anew each
 * time, mostly as they were: the expander of scopes compares before it marks a product.
 */
final class DefinitionHandler
{
    /** An infoblock was added or changed. */
    public static function onIblockChange(mixed $fields = null): void
    {
        Catching::run(static function (Hit $hit) use ($fields): void {
            $id = Id::of(is_array($fields) ? $fields['ID'] ?? null : null);
            if ($id > 0) {
                $hit->definition($id);
            }
        });
    }

    /** An infoblock is gone, its elements with it. */
    public static function onIblockDelete(mixed $iblockId = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->iblock(Id::of($iblockId)));
    }

    /** A property was added, changed or deleted; a change often does not tell of which infoblock. */
    public static function onPropertyChange(mixed $fields = null): void
    {
        Catching::run(static function (Hit $hit) use ($fields): void {
            $hit->definition(Id::of(is_array($fields) ? $fields['IBLOCK_ID'] ?? null : null));
        });
    }

    /** A property, a list value or a value of a directory was written through its ORM class. */
    public static function onOrmAfter(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            $hit->definition(Id::of(OrmRow::fields($event)['IBLOCK_ID'] ?? null));
        });
    }

    /** The directories of an exchange are through. */
    public static function onSuccessImportHL(): void
    {
        Catching::run(static fn (Hit $hit) => $hit->definition(0));
    }
}
