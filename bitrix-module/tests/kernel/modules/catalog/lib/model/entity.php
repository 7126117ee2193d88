<?php

namespace Bitrix\Catalog\Model;

use Bitrix\Main\ORM\Data\AddResult;
use Bitrix\Main\ORM\Data\DeleteResult;
use Bitrix\Main\ORM\Data\UpdateResult;
use Bitrix\Main\Result;

/** A table with what belongs to its changes: checks, derived columns, recalculation of others, events of its own. */
abstract class Entity
{
    public const PREFIX_OLD = 'OLD_';

    private static $entities = [];
    protected static $cache = [];

    private ?\Bitrix\Main\DB\Result $rows = null;

    public function __construct()
    {
    }

    public static function getEntity(): Entity
    {
        return self::$entities[static::class] ??= new static();
    }

    abstract public static function getTabletClassName(): string;

    public static function getList(array $parameters): Entity
    {
        $reader = new static();
        $reader->rows = static::getTabletClassName()::getList($parameters);
        return $reader;
    }

    public static function getRow(array $parameters): ?array
    {
        return static::getTabletClassName()::getRow($parameters);
    }

    public function fetch(?\Bitrix\Main\Text\Converter $converter = null)
    {
        return $this->rows?->fetch($converter) ?? false;
    }

    public static function getCacheItem($id, bool $load = false): ?array
    {
        $id = (int)$id;
        if ($load && !isset(self::$cache[static::class][$id])) {
            self::$cache[static::class][$id] = static::getTabletClassName()::getRowById($id);
        }
        return self::$cache[static::class][$id] ?? null;
    }

    public static function clearCacheItem($id): void
    {
        unset(self::$cache[static::class][(int)$id]);
    }

    public static function clearCache(): void
    {
        unset(self::$cache[static::class]);
    }

    public static function add(array $data): AddResult
    {
        $result = new AddResult();
        static::normalize($data);
        if (!self::sendBefore('OnBeforeAdd', [], $data, $result)) {
            return $result;
        }
        static::prepareForAdd($result, null, $data);
        if (!$result->isSuccess()) {
            return $result;
        }
        self::send('OnAdd', $data);
        $result = static::getTabletClassName()::add($data['fields']);
        $isSuccess = $result->isSuccess();
        if ($isSuccess) {
            $data['fields'] = $result->getData();
            $id = $result->getId();
            static::clearCacheItem($id);
        }
        self::send('OnAfterAdd', ['id' => $result->getId()] + $data + ['success' => $isSuccess]);
        $isSuccess && static::runAddExternalActions($result->getId(), $data);
        return $result;
    }

    public static function update($id, array $data): UpdateResult
    {
        $result = new UpdateResult();
        static::normalize($data);
        if (!self::sendBefore('OnBeforeUpdate', ['id' => $id], $data, $result)) {
            return $result;
        }
        static::prepareForUpdate($result, $id, $data);
        if (!$result->isSuccess()) {
            return $result;
        }
        self::send('OnUpdate', ['id' => $id] + $data);
        $result = static::getTabletClassName()::update($id, $data['fields']);
        static::clearCacheItem($id);
        self::send('OnAfterUpdate', ['id' => $id] + $data + ['success' => $result->isSuccess()]);
        $result->isSuccess() && static::runUpdateExternalActions($id, $data);
        return $result;
    }

    public static function delete($id): DeleteResult
    {
        $result = new DeleteResult();
        $none = [];
        if (!self::sendBefore('OnBeforeDelete', ['id' => $id], $none, $result)) {
            return $result;
        }
        static::getCacheItem($id, true);
        self::send('OnDelete', ['id' => $id]);
        $result = static::getTabletClassName()::delete($id);
        self::send('OnAfterDelete', ['id' => $id, 'success' => $result->isSuccess()]);
        $result->isSuccess() && static::runDeleteExternalActions($id);
        static::clearCacheItem($id);
        return $result;
    }

    private static function sendBefore(string $type, array $head, array &$data, Result $result): bool
    {
        if (!Event::existEventHandlers(static::getEntity(), $type)) {
            return true;
        }
        $event = new Event(static::getEntity(), $type, $head + $data);
        $event->send();
        $event->mergeData($data);
        return !$event->getErrors($result);
    }

    private static function send(string $type, array $parameters): void
    {
        if (Event::existEventHandlers(static::getEntity(), $type)) {
            (new Event(static::getEntity(), $type, $parameters))->send();
        }
    }

    protected static function normalize(array &$data): void
    {
        if (!isset($data['fields']) || !is_array($data['fields'])) {
            $data = ['fields' => $data];
        }
        $data = ['fields' => $data['fields'], 'external_fields' => $data['external_fields'] ?? [], 'actions' => $data['actions'] ?? []];
    }

    protected static function prepareForAdd(AddResult $result, $id, array &$data): void
    {
    }

    protected static function prepareForUpdate(UpdateResult $result, $id, array &$data): void
    {
    }

    protected static function runAddExternalActions($id, array $data): void
    {
    }

    protected static function runUpdateExternalActions($id, array $data): void
    {
    }

    protected static function runDeleteExternalActions($id): void
    {
    }
}
