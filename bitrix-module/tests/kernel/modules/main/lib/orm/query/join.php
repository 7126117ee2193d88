<?php

namespace Bitrix\Main\ORM\Query;

use Bitrix\Main\ORM\Query\Filter\ConditionTree;

/** How a reference joins. */
class Join
{
    public const TYPE_INNER = 'INNER';
    public const TYPE_LEFT = 'LEFT';

    public static function on()
    {
        return (new ConditionTree())->whereColumn(...func_get_args());
    }
}
