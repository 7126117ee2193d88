<?php

namespace Bitrix\Sale\Delivery\Services;

/** A delivery service. */
abstract class Base
{
    protected $id;
    protected $name;
    protected $currency;

    public function __construct(array $initParams)
    {
        $this->id = (int)($initParams['ID'] ?? 0);
        $this->name = (string)($initParams['NAME'] ?? '');
        $this->currency = (string)($initParams['CURRENCY'] ?? '');
    }

    public function getId()
    {
        return $this->id;
    }

    public function getName()
    {
        return $this->name;
    }

    public function getNameWithParent()
    {
        return $this->name;
    }

    public function getCurrency()
    {
        return $this->currency;
    }
}
