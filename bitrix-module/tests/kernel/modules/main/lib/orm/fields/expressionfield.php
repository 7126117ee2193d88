<?php

namespace Bitrix\Main\ORM\Fields;

/** SQL over other members, which stand in it as `%s`. */
class ExpressionField extends Field implements IReadable
{
    protected $expression;
    protected $buildFrom;

    public function __construct($name, $expression, $buildFrom = null, $parameters = array())
    {
        parent::__construct($name, $parameters);
        $this->expression = $expression;
        $this->buildFrom = array_values((array)($buildFrom ?? []));
    }

    public function getExpression()
    {
        return $this->expression;
    }

    public function getBuildFrom()
    {
        return $this->buildFrom;
    }

    public function cast($value)
    {
        return $value;
    }

    public function convertValueFromDb($value)
    {
        return $value;
    }

    public function convertValueToDb($value)
    {
        return $this->entity->getConnection()->getSqlHelper()->convertToDb($value);
    }
}
