<?php

namespace Bitrix\Main\ORM\Data;

use Bitrix\Main\DB\Connection;

/** An updated row. */
class UpdateResult extends Result
{
    protected $affectedRowsCount;
    protected $primary;

    public function setAffectedRowsCount(Connection $connection)
    {
        $this->affectedRowsCount = $connection->getAffectedRowsCount();
    }

    public function getAffectedRowsCount()
    {
        return $this->affectedRowsCount;
    }

    public function setPrimary($primary)
    {
        $this->primary = $primary;
    }

    public function getPrimary()
    {
        return $this->primary;
    }

    public function getId()
    {
        return is_array($this->primary) && count($this->primary) === 1 ? reset($this->primary) : $this->primary;
    }
}
