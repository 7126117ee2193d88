<?php

namespace Bitrix\Main\DB;

/** Rows, one after another; dates become objects of the kernel, all else stays a string or null. */
abstract class Result implements \IteratorAggregate
{
    protected $resource;
    protected $connection;
    protected $converters = [];
    protected $fetchDataModifiers = [];
    protected $count;

    public function __construct($result, ?Connection $dbConnection = null, ?\Bitrix\Main\Diag\SqlTrackerQuery $trackerQuery = null)
    {
        $this->resource = $result;
        $this->connection = $dbConnection;
    }

    public function getResource()
    {
        return $this->resource;
    }

    public function addFetchDataModifier($fetchDataModifier)
    {
        $this->fetchDataModifiers[] = $fetchDataModifier;
    }

    public function fetchRaw()
    {
        return $this->fetchRowInternal() ?: false;
    }

    public function fetch(?\Bitrix\Main\Text\Converter $converter = null)
    {
        $row = $this->fetchRaw();
        if ($row === false) {
            return false;
        }
        foreach ($this->getConverters() as $name => $convert) {
            if (isset($row[$name])) {
                $row[$name] = $convert($row[$name]);
            }
        }
        foreach ($this->fetchDataModifiers as $modify) {
            $row = $modify($row) ?? $row;
        }
        return $row;
    }

    public function fetchAll(?\Bitrix\Main\Text\Converter $converter = null)
    {
        $rows = [];
        while (($row = $this->fetch()) !== false) {
            $rows[] = $row;
        }
        return $rows;
    }

    public function getConverters()
    {
        return $this->converters;
    }

    public function setConverters($converters)
    {
        $this->converters = $converters;
    }

    public function setCount($n)
    {
        $this->count = (int)$n;
    }

    /** @throws \Bitrix\Main\ObjectPropertyException where `count_total` was not asked for */
    public function getCount()
    {
        return $this->count ?? throw new \Bitrix\Main\ObjectPropertyException('count');
    }

    public function getIterator(): \Traversable
    {
        while (($row = $this->fetch()) !== false) {
            yield $row;
        }
    }

    abstract public function getFields();

    abstract public function getSelectedRowsCount();

    abstract protected function fetchRowInternal();
}
