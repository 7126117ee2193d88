<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

use Bitrix\Main\Event;
use Bitrix\Main\ORM\Objectify\EntityObject;

/** Reads what a row belongs to out of an ORM event: its fields, else its object, else one look-up by primary key. */
final class OrmRow
{
    /** The primary key: of an added row without auto-increment, `id` is 0 and only `primary` has it. */
    public static function id(mixed $event): int
    {
        return Id::of(self::parameter($event, 'primary')) ?: Id::of(self::parameter($event, 'id'));
    }

    /** @return array<mixed> what was written: mostly not the whole row */
    public static function fields(mixed $event): array
    {
        $fields = self::parameter($event, 'fields');

        return is_array($fields) ? $fields : [];
    }

    /** @return array<mixed> the columns of the primary key */
    public static function primary(mixed $event): array
    {
        $primary = self::parameter($event, 'primary');

        return is_array($primary) ? $primary : [];
    }

    /**
     * @param list<string> $columns columns of the table that are wanted; the look-up asks for all of them
     * @return array<string, mixed> the columns that are known; empty where the row is gone
     */
    public static function of(mixed $event, string $table, array $columns, RowMemory $memory): array
    {
        $row = self::complete(self::fields($event), $columns)
            ?? self::complete(self::filled(self::parameter($event, 'object'), $columns), $columns);
        if ($row !== null) {
            return $row;
        }
        $id = self::id($event);

        return $id === 0 ? [] : $memory->row($table, $id, $columns);
    }

    /**
     * For handlers before a deletion: what the row belongs to is looked up and kept for the one after it.
     *
     * @param list<string> $columns
     */
    public static function remember(mixed $event, string $table, array $columns, RowMemory $memory): void
    {
        $memory->remember($table, self::id($event), self::of($event, $table, $columns, $memory));
    }

    private static function parameter(mixed $event, string $name): mixed
    {
        return $event instanceof Event ? $event->getParameter($name) : null;
    }

    /**
     * @param array<mixed> $values
     * @param list<string> $columns
     * @return array<string, mixed>|null null where one is missing
     */
    private static function complete(array $values, array $columns): ?array
    {
        $row = [];
        foreach ($columns as $column) {
            if (!isset($values[$column])) {
                return null;
            }
            $row[$column] = $values[$column];
        }

        return $row;
    }

    /**
     * @param list<string> $columns
     * @return array<string, mixed>
     */
    private static function filled(mixed $object, array $columns): array
    {
        $values = [];
        if ($object instanceof EntityObject) {
            foreach ($columns as $column) {
                if ($object->has($column)) {
                    $values[$column] = $object->get($column);
                }
            }
        }

        return $values;
    }
}
