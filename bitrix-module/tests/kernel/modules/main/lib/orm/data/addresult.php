<?php

namespace Bitrix\Main\ORM\Data;

/** An added row. */
class AddResult extends Result
{
    protected $primary;

    /** A single key. */
    public function setId($id)
    {
        $this->primary = ['ID' => $id];
    }

    public function getId()
    {
        return is_array($this->primary) && count($this->primary) === 1 ? reset($this->primary) : $this->primary;
    }

    public function setPrimary($primary)
    {
        $this->primary = $primary;
    }

    public function getPrimary()
    {
        return $this->primary;
    }
}
