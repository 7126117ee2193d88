<?php

namespace Bitrix\Main\ORM\Fields\Relations;

use Bitrix\Main\ORM\Entity;
use Bitrix\Main\ORM\Fields\Field;

/** A way to another entity. */
abstract class Relation extends Field
{
    protected $refEntity;
    protected $refEntityName;
    protected $joinType = 'LEFT';

    public function getRefEntity()
    {
        return $this->refEntity ??= Entity::getInstance($this->refEntityName);
    }

    public function configureJoinType($type)
    {
        $this->joinType = $type;
        return $this;
    }

    public function getJoinType()
    {
        return $this->joinType;
    }
}
