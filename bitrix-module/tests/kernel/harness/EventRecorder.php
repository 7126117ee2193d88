<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Main\Event;
use Bitrix\Main\EventManager;

/**
 * Stands in for the kernel's manager of events and writes down every look-up as an event, in front of the handlers:
 * in this way the events of a running kernel were observed.
 */
final class EventRecorder extends EventManager
{
    /** @var list<array{module: string, name: string, style: string, args: array<string, mixed>}> */
    public array $events = [];

    public static function start(): self
    {
        $recorder = new self();
        EventManager::setInstance($recorder);
        return $recorder;
    }

    public function findEventHandlers($eventModuleId, $eventType, ?array $filter = null)
    {
        $handlers = parent::findEventHandlers($eventModuleId, $eventType, $filter);
        $record = function (string $style, array $arguments) use ($eventModuleId, $eventType): void {
            $this->events[] = ['module' => $eventModuleId, 'name' => $eventType, 'style' => $style, 'args' => $arguments];
        };
        $inFront = ['FROM_MODULE_ID' => $eventModuleId, 'MESSAGE_ID' => $eventType, 'SORT' => 0, 'VERSION' => 2, 'TO_NAME' => 'recorder',
            'CALLBACK' => static function (mixed ...$given) use ($record): void {
                if (count($given) === 1 && $given[0] instanceof Event) {
                    $record('D7', (array)$given[0]->getParameters());
                    return;
                }
                $named = [];
                foreach ($given as $at => $one) {
                    $named["#$at"] = self::copy($one);
                }
                $record('old', $named);
            }];
        return [$inFront, ...$handlers];
    }

    /** As the value is now: later changes through a reference do not reach what was written down. */
    private static function copy(mixed $value): mixed
    {
        return is_array($value) ? array_map(self::copy(...), $value) : $value;
    }
}
