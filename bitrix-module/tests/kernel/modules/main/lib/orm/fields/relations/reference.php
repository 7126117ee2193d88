<?php

namespace Bitrix\Main\ORM\Fields\Relations;

use Bitrix\Main\ORM\Entity;

/** At most one row of another entity. */
class Reference extends Relation
{
    protected $reference;

    public function __construct($name, $referenceEntity, $referenceFilter, $parameters = array())
    {
        parent::__construct($name, $parameters);
        $referenceEntity instanceof Entity ? $this->refEntity = $referenceEntity : $this->refEntityName = $referenceEntity;
        $this->reference = $referenceFilter;
        $this->joinType = $parameters['join_type'] ?? 'LEFT';
    }

    public function getReference()
    {
        return $this->reference;
    }
}
