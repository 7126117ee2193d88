<?php

namespace Bitrix\Main\ORM\Query;

use Aligate\Aliexpress\Tests\FakeKernel\SqlBuilder;
use Bitrix\Main\ORM\Entity;
use Bitrix\Main\ORM\Fields\Field;
use Bitrix\Main\ORM\Fields\ScalarField;
use Bitrix\Main\ORM\Query\Filter\ConditionTree;
use Bitrix\Main\SystemException;

/** A query over a table class; the SQL itself is made by the harness. */
class Query
{
    private static $lastQuery = '';

    protected $entity;
    protected $select = [];
    protected $filter = [];
    protected $group = [];
    protected $order = [];
    protected $limit;
    protected $offset;
    protected $countTotal = false;
    protected $distinct = false;
    /** @var ConditionTree */
    protected $filterHandler;
    /** @var array<string, Field> */
    private array $runtime = [];

    public function __construct($source)
    {
        $this->entity = $source instanceof Entity ? $source : Entity::getInstance($source);
        $this->filterHandler = new ConditionTree();
    }

    public static function filter()
    {
        return new ConditionTree();
    }

    public function getEntity()
    {
        return $this->entity;
    }

    public function getSelect()
    {
        return $this->select;
    }

    public function setSelect(array $select)
    {
        $this->select = $select;
        return $this;
    }

    public function addSelect($definition, $alias = '')
    {
        $alias === '' ? $this->select[] = $definition : $this->select[$alias] = $definition;
        return $this;
    }

    public function getFilter()
    {
        return $this->filter;
    }

    public function setFilter(array $filter)
    {
        $this->filter = $filter;
        return $this;
    }

    public function addFilter($key, $value)
    {
        $key === null ? $this->filter[] = $value : $this->filter[$key] = $value;
        return $this;
    }

    public function getGroup()
    {
        return $this->group;
    }

    public function setGroup($group)
    {
        $this->group = (array)$group;
        return $this;
    }

    public function addGroup($group)
    {
        $this->group[] = $group;
        return $this;
    }

    public function getOrder()
    {
        return $this->order;
    }

    public function setOrder($order)
    {
        $this->order = [];
        foreach ((array)$order as $name => $direction) {
            is_int($name) ? $this->addOrder($direction) : $this->addOrder($name, $direction);
        }
        return $this;
    }

    /** @throws SystemException of a direction that SQL does not know */
    public function addOrder($definition, $order = 'ASC')
    {
        if (!in_array(strtoupper($order), ['ASC', 'DESC'], true)) {
            throw new \Bitrix\Main\ArgumentException(sprintf('Invalid order "%s"', $order));
        }
        $this->order[$definition] = strtoupper($order);
        return $this;
    }

    public function getLimit()
    {
        return $this->limit;
    }

    public function setLimit($limit)
    {
        $this->limit = $limit;
        return $this;
    }

    public function getOffset()
    {
        return $this->offset;
    }

    public function setOffset($offset)
    {
        $this->offset = $offset;
        return $this;
    }

    public function countTotal($count = null)
    {
        if ($count === null) {
            return $this->countTotal;
        }
        $this->countTotal = (bool)$count;
        return $this;
    }

    public function setDistinct($distinct = true)
    {
        $this->distinct = (bool)$distinct;
        return $this;
    }

    public function hasDistinct()
    {
        return $this->distinct;
    }

    public function setCacheTtl($ttl)
    {
        return $this;
    }

    public function registerRuntimeField($name, $fieldInfo = null)
    {
        if ($name instanceof Field) {
            [$name, $fieldInfo] = [$name->getName(), $name];
        } elseif ($fieldInfo instanceof Field && !is_string($name)) {
            $name = $fieldInfo->getName();
        }
        $field = $this->entity->initializeField($name, $fieldInfo);
        $field->setEntity($this->entity);
        $this->runtime[strtoupper($name)] = $field;
        return $this;
    }

    public function __call($method, $arguments)
    {
        if (str_starts_with($method, 'where')) {
            $this->filterHandler->$method(...$arguments);
            return $this;
        }
        throw new SystemException("Unknown method `$method`");
    }

    public function getFilterHandler()
    {
        return $this->filterHandler;
    }

    public function getQuery($forceObjectPrimary = false)
    {
        $select = $this->select !== [] ? $this->select : array_values(array_map(
            static fn (ScalarField $field): string => $field->getName(),
            $this->entity->getScalarFields()
        ));
        return (new SqlBuilder($this->entity, $this->runtime))->build($this, $select);
    }

    public static function getLastQuery()
    {
        return self::$lastQuery;
    }

    public function exec()
    {
        $sql = $this->getQuery();
        $connection = $this->entity->getConnection();
        $paged = $this->limit > 0 ? $connection->getSqlHelper()->getTopSql($sql, $this->limit, (int)$this->offset) : $sql;
        self::$lastQuery = $paged;
        $result = new Result($this, $connection->query($paged));
        if ($this->countTotal) {
            $result->setCount((int)$connection->queryScalar("SELECT COUNT(1) FROM ($sql) counted"));
        }
        return $result;
    }

    public function fetch(?\Bitrix\Main\Text\Converter $converter = null)
    {
        return $this->exec()->fetch($converter);
    }

    public function fetchAll(?\Bitrix\Main\Text\Converter $converter = null)
    {
        return $this->exec()->fetchAll($converter);
    }

    public static function expr($alias = null)
    {
        return new Expression();
    }
}
