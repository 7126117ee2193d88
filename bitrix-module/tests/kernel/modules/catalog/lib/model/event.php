<?php

namespace Bitrix\Catalog\Model;

use Bitrix\Main\EventManager;
use Bitrix\Main\EventResult;
use Bitrix\Main\Result;

/** An event of a model; sent only where a handler was known at the first question of the hit. */
class Event extends \Bitrix\Main\Event
{
    private static $known = [];

    public function __construct(Entity $entity, string $type, array $parameters = [])
    {
        parent::__construct('catalog', self::makeEventName($entity::class, $type), $parameters);
    }

    public static function makeEventName(string $class, string $eventName): string
    {
        return ltrim($class, '\\') . '::' . $eventName;
    }

    public static function existEventHandlers(Entity $entity, string $eventName): bool
    {
        return self::existEventHandlersById(self::makeEventName($entity::class, $eventName));
    }

    /** Asked of the manager once in a hit: handlers that come later are not seen. */
    public static function existEventHandlersById(string $id): bool
    {
        return self::$known[$id] ??= EventManager::getInstance()->findEventHandlers('catalog', $id) !== [];
    }

    public function getErrors(Result $result): bool
    {
        foreach ($this->getResults() as $one) {
            if ($one->getType() === EventResult::ERROR) {
                $result->addError(new \Bitrix\Main\ORM\EntityError('The operation was refused by a handler'));
            }
        }
        return !$result->isSuccess();
    }

    public function mergeData(array &$data): void
    {
        foreach ($this->getResults() as $one) {
            $given = $one->getType() === EventResult::ERROR ? null : $one->getParameters();
            foreach (is_array($given) ? array_intersect_key($given, $data) : [] as $part => $values) {
                $data[$part] = array_merge($data[$part], (array)$values);
            }
        }
    }
}
