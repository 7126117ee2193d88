<?php

namespace Bitrix\Sale\Internals;

/** Events that wait for the end of a save: of each type only the first is given out. */
class EventsPool
{
    private static $events = [];

    public static function addEvent($code, $type, $event)
    {
        self::$events[$code][$type][] = $event;
    }

    public static function getEvents($code)
    {
        $first = array_map(static fn (array $events) => $events[0], self::$events[$code] ?? []);
        return $first === [] ? null : $first;
    }

    public static function isEventTypeExists($code, $type)
    {
        return isset(self::$events[$code][$type]);
    }

    public static function resetEvents($code = null, $type = null)
    {
        if ($code === null) {
            self::$events = [];
        } elseif ($type === null) {
            unset(self::$events[$code]);
        } else {
            unset(self::$events[$code][$type]);
        }
    }
}
