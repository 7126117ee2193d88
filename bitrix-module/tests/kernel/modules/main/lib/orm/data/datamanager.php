<?php

namespace Bitrix\Main\ORM\Data;

use Aligate\Aliexpress\Tests\FakeKernel\RowObject;
use Bitrix\Main\ArgumentException;
use Bitrix\Main\DB\SqlExpression;
use Bitrix\Main\NotImplementedException;
use Bitrix\Main\ORM\Entity;
use Bitrix\Main\ORM\Event;
use Bitrix\Main\ORM\Fields\FieldError;
use Bitrix\Main\ORM\Query\Query;

/** A table: reads through queries, writes one row at a time and tells of it in both forms of event names. */
abstract class DataManager
{
    public const EVENT_ON_BEFORE_ADD = 'OnBeforeAdd';
    public const EVENT_ON_ADD = 'OnAdd';
    public const EVENT_ON_AFTER_ADD = 'OnAfterAdd';
    public const EVENT_ON_BEFORE_UPDATE = 'OnBeforeUpdate';
    public const EVENT_ON_UPDATE = 'OnUpdate';
    public const EVENT_ON_AFTER_UPDATE = 'OnAfterUpdate';
    public const EVENT_ON_BEFORE_DELETE = 'OnBeforeDelete';
    public const EVENT_ON_DELETE = 'OnDelete';
    public const EVENT_ON_AFTER_DELETE = 'OnAfterDelete';

    public static function getEntity()
    {
        return Entity::getInstance(static::class);
    }

    public static function getTableName()
    {
        return null;
    }

    public static function getConnectionName()
    {
        return 'default';
    }

    public static function getMap()
    {
        return [];
    }

    public static function query()
    {
        return new Query(static::getEntity());
    }

    public static function getList(array $parameters = array())
    {
        $query = static::query();
        foreach ($parameters as $name => $value) {
            match ($name) {
                'select' => $query->setSelect($value),
                'filter' => $value instanceof \Bitrix\Main\ORM\Query\Filter\ConditionTree ? $query->where($value) : $query->setFilter($value),
                'group' => $query->setGroup($value),
                'order' => $query->setOrder($value),
                'limit' => $query->setLimit($value),
                'offset' => $query->setOffset($value),
                'count_total' => $query->countTotal($value),
                'runtime' => array_walk($value, static fn ($field, $key) => $query->registerRuntimeField($key, $field)),
                'cache', 'data_doubling', 'private_fields' => null,
                default => throw new ArgumentException("Unknown parameter: $name", $name),
            };
        }
        return $query->exec();
    }

    public static function getByPrimary($primary, array $parameters = array())
    {
        static::normalizePrimary($primary);
        foreach ($primary as $name => $value) {
            $parameters['filter']["=$name"] = $value;
        }
        return static::getList($parameters);
    }

    public static function getById($id)
    {
        return static::getByPrimary($id);
    }

    public static function getRowById($id, array $parameters = [])
    {
        return static::getByPrimary($id, $parameters)->fetch() ?: null;
    }

    public static function getRow(array $parameters)
    {
        return static::getList(['limit' => 1] + $parameters)->fetch() ?: null;
    }

    public static function getCount($filter = array(), array $cache = array())
    {
        $row = static::query()->addSelect(new \Bitrix\Main\ORM\Fields\ExpressionField('CNT', 'COUNT(1)'))->setFilter((array)$filter)->fetch();
        return (int)$row['CNT'];
    }

    protected static function normalizePrimary(&$primary, $data = array())
    {
        $names = static::getEntity()->getPrimaryArray();
        if (!is_array($primary)) {
            if (count($names) !== 1) {
                throw new ArgumentException('Require multi primary {' . implode(', ', $names) . '}, but one scalar value was given');
            }
            $primary = [$names[0] => $primary];
        }
        foreach ($names as $name) {
            if (!isset($primary[$name]) || $primary[$name] === '') {
                throw new ArgumentException("Value of primary `$name` is missing or empty");
            }
        }
        $primary = array_intersect_key($primary, array_flip($names));
    }

    public static function checkFields(Result $result, $primary, array $data)
    {
        $entity = static::getEntity();
        foreach ($entity->getScalarFields() as $field) {
            $name = $field->getName();
            $isGiven = array_key_exists($name, $data);
            if ($field->isRequired() && !$field->isAutocomplete() && (empty($primary) || $isGiven) && $field->isValueEmpty($data[$name] ?? null)) {
                $result->addError(new FieldError($field, "$name is required", FieldError::EMPTY_REQUIRED));
            }
        }
        foreach (array_keys($data) as $name) {
            $entity->getField($name);
        }
    }

    public static function add(array $data)
    {
        $entity = static::getEntity();
        $result = new AddResult();
        $object = RowObject::of($entity, [], $data);
        $data = self::sendBefore(self::EVENT_ON_BEFORE_ADD, ['fields' => $data, 'object' => $object], $result);
        $data = self::defaults() === [] ? $data : array_merge(self::defaults(), $data);
        static::checkFields($result, null, $data);
        if (!$result->isSuccess()) {
            return $result;
        }
        self::sendPair(self::EVENT_ON_ADD, ['fields' => $data, 'object' => $object]);
        [$columns, $values] = self::toColumns($data);
        $connection = $entity->getConnection();
        $table = $connection->getSqlHelper()->quote($entity->getDBTableName());
        $connection->queryExecute("INSERT INTO $table ($columns) VALUES ($values)");
        $auto = $entity->getAutoIncrement();
        $id = $auto === null ? 0 : (int)($data[$auto] ?? $connection->getInsertedId());
        $primary = $auto === null ? array_intersect_key($data, array_flip($entity->getPrimaryArray())) : [$auto => $id];
        $result->setPrimary($primary);
        $result->setData($data);
        $result->setObject(RowObject::of($entity, $primary, $data));
        self::sendPair(self::EVENT_ON_AFTER_ADD, ['id' => $id, 'primary' => $primary, 'fields' => $data, 'object' => $result->getObject()]);
        return $result;
    }

    /** What an added row starts with: flags as booleans, as an object of the kernel casts them. */
    private static function defaults(): array
    {
        $defaults = [];
        foreach (static::getEntity()->getScalarFields() as $field) {
            $value = $field->getDefaultValue();
            if ($value !== null) {
                $isFlag = $field instanceof \Bitrix\Main\ORM\Fields\BooleanField;
                $defaults[$field->getName()] = $isFlag ? $value === $field->getValues()[1] : $value;
            }
        }
        return $defaults;
    }

    /** @return array{string, string} the columns and their values */
    private static function toColumns(array $data): array
    {
        $entity = static::getEntity();
        $columns = $values = [];
        foreach ($data as $name => $value) {
            $field = $entity->getField($name);
            $columns[] = $entity->getConnection()->getSqlHelper()->quote($field->getColumnName());
            $values[] = $value instanceof SqlExpression ? $value->compile() : ($value === null ? 'NULL' : $field->convertValueToDb($value));
        }
        return [implode(', ', $columns), implode(', ', $values)];
    }

    public static function addMulti($rows, $ignoreEvents = false)
    {
        $result = new AddResult();
        foreach ($rows as $row) {
            if ($ignoreEvents) {
                [$columns, $values] = self::toColumns($row);
                $table = static::getEntity()->getConnection()->getSqlHelper()->quote(static::getTableName());
                static::getEntity()->getConnection()->queryExecute("INSERT INTO $table ($columns) VALUES ($values)");
                continue;
            }
            $one = static::add($row);
            $one->isSuccess() || $result->addErrors($one->getErrors());
        }
        return $result;
    }

    public static function update($primary, array $data)
    {
        static::normalizePrimary($primary);
        $result = new UpdateResult();
        $entity = static::getEntity();
        $object = RowObject::of($entity, $primary, $data);
        $data = self::sendBefore(
            self::EVENT_ON_BEFORE_UPDATE,
            ['id' => $primary, 'primary' => $primary, 'fields' => $data, 'object' => $object],
            $result
        );
        static::checkFields($result, $primary, $data);
        if (!$result->isSuccess()) {
            return $result;
        }
        $parameters = ['id' => $primary, 'primary' => $primary, 'fields' => $data, 'object' => $object];
        if ($data !== []) {
            self::sendPair(self::EVENT_ON_UPDATE, $parameters);
            self::write($primary, $data);
            $result->setAffectedRowsCount($entity->getConnection());
            self::sendPair(self::EVENT_ON_AFTER_UPDATE, array_merge($parameters, ['object' => clone $object]));
        }
        $result->setPrimary($primary);
        $result->setData($data);
        $result->setObject($object);
        return $result;
    }

    private static function write(array $primary, array $data): void
    {
        $entity = static::getEntity();
        $helper = $entity->getConnection()->getSqlHelper();
        $set = [];
        foreach ($data as $name => $value) {
            $field = $entity->getField($name);
            $set[] = $helper->quote($field->getColumnName()) . ' = '
                . ($value instanceof SqlExpression ? $value->compile() : ($value === null ? 'NULL' : $field->convertValueToDb($value)));
        }
        $entity->getConnection()->queryExecute(
            'UPDATE ' . $helper->quote($entity->getDBTableName()) . ' SET ' . implode(', ', $set) . ' WHERE ' . self::whereOf($primary)
        );
    }

    private static function whereOf(array $primary): string
    {
        $entity = static::getEntity();
        $where = [];
        foreach ($primary as $name => $value) {
            $field = $entity->getField($name);
            $where[] = $entity->getConnection()->getSqlHelper()->quote($field->getColumnName()) . ' = ' . $field->convertValueToDb($value);
        }
        return implode(' AND ', $where);
    }

    public static function updateMulti($primaries, $data, $ignoreEvents = false)
    {
        $result = new UpdateResult();
        foreach ($primaries as $primary) {
            static::normalizePrimary($primary);
            if ($ignoreEvents) {
                self::write($primary, $data);
                continue;
            }
            $one = static::update($primary, $data);
            $one->isSuccess() || $result->addErrors($one->getErrors());
        }
        return $result;
    }

    public static function delete($primary)
    {
        static::normalizePrimary($primary);
        $entity = static::getEntity();
        $result = new DeleteResult();
        $parameters = ['id' => $primary, 'primary' => $primary, 'object' => RowObject::of($entity, $primary, [])];
        self::sendBefore(self::EVENT_ON_BEFORE_DELETE, $parameters, $result);
        if (!$result->isSuccess()) {
            return $result;
        }
        self::sendPair(self::EVENT_ON_DELETE, $parameters);
        $table = $entity->getConnection()->getSqlHelper()->quote($entity->getDBTableName());
        $entity->getConnection()->queryExecute("DELETE FROM $table WHERE " . self::whereOf($primary));
        self::sendPair(self::EVENT_ON_AFTER_DELETE, $parameters);
        return $result;
    }

    /** Sends both forms with what was passed, and takes what the handlers changed; an ERROR of a handler fails the result. */
    private static function sendBefore(string $type, array $parameters, Result $result): array
    {
        $fields = $parameters['fields'] ?? [];
        foreach ([false, true] as $withNamespace) {
            $event = new Event(static::getEntity(), $type, self::parametersOf($type, $parameters, $withNamespace), $withNamespace);
            $event->send();
            $event->getErrors($result);
            $fields = $event->mergeFields($fields);
        }
        return $fields;
    }

    private static function sendPair(string $type, array $parameters): void
    {
        foreach ([false, true] as $withNamespace) {
            (new Event(static::getEntity(), $type, self::parametersOf($type, $parameters, $withNamespace), $withNamespace))->send();
        }
    }

    /** The short form carries no `primary`, and on deletion no `object` either. */
    private static function parametersOf(string $type, array $parameters, bool $withNamespace): array
    {
        if ($withNamespace) {
            return $parameters;
        }
        unset($parameters['primary']);
        if (str_ends_with($type, 'Delete')) {
            unset($parameters['object']);
        }
        return $parameters;
    }

    public static function createObject($setDefaultValues = true)
    {
        throw new NotImplementedException('Objects of rows are not part of the fake kernel');
    }

    public static function cleanCache(): void
    {
    }

    public static function onBeforeAdd(Event $event)
    {
    }

    public static function onAdd(Event $event)
    {
    }

    public static function onAfterAdd(Event $event)
    {
    }

    public static function onBeforeUpdate(Event $event)
    {
    }

    public static function onUpdate(Event $event)
    {
    }

    public static function onAfterUpdate(Event $event)
    {
    }

    public static function onBeforeDelete(Event $event)
    {
    }

    public static function onDelete(Event $event)
    {
    }

    public static function onAfterDelete(Event $event)
    {
    }
}
