<?php

namespace Bitrix\Main\DB;

/** Rows that are already in memory. */
class ArrayResult extends Result
{
    public function __construct($result)
    {
        parent::__construct(array_values($result));
    }

    public function getSelectedRowsCount()
    {
        return count($this->resource);
    }

    public function getFields()
    {
        return null;
    }

    protected function fetchRowInternal()
    {
        $row = current($this->resource);
        next($this->resource);
        return $row;
    }
}
