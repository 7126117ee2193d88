<?php

namespace Bitrix\Main\ORM\Query;

use Bitrix\Main\NotImplementedException;

/** The rows of a query. */
class Result extends \Bitrix\Main\DB\Result
{
    private \Bitrix\Main\DB\Result $rows;

    public function __construct(Query $query, \Bitrix\Main\DB\Result $result)
    {
        parent::__construct($result->getResource());
        $this->rows = $result;
        $this->converters = $result->getConverters();
    }

    public function getFields()
    {
        return $this->rows->getFields();
    }

    public function getSelectedRowsCount()
    {
        return $this->rows->getSelectedRowsCount();
    }

    protected function fetchRowInternal()
    {
        return $this->rows->fetchRaw();
    }

    public function fetchObject()
    {
        throw new NotImplementedException('Objects of rows are not part of the fake kernel');
    }
}
