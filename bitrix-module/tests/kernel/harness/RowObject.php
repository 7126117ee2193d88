<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Main\ORM\Entity;
use Bitrix\Main\ORM\Objectify\EntityObject;

/** What stands for the kernel's generated `EO_…` classes: the object that a table's events carry. */
final class RowObject extends EntityObject
{
    public static function of(Entity $entity, array $primary, array $values): self
    {
        $object = new self(false);
        $object->entity = $entity;
        $object->values = $primary + $values;
        return $object;
    }
}
