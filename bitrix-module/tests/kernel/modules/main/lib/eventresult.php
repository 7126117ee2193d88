<?php

namespace Bitrix\Main;

/** What a handler of a new event says. */
class EventResult
{
    public const UNDEFINED = 0;
    public const SUCCESS = 1;
    public const ERROR = 2;

    protected $moduleId;
    protected $handler;
    protected $type;
    protected $parameters;

    public function __construct($type, $parameters = null, $moduleId = null, $handler = null)
    {
        $this->type = $type;
        $this->parameters = $parameters;
        $this->moduleId = $moduleId;
        $this->handler = $handler;
    }

    public function getType()
    {
        return $this->type;
    }

    public function getModuleId()
    {
        return $this->moduleId;
    }

    public function getHandler()
    {
        return $this->handler;
    }

    public function getParameters()
    {
        return $this->parameters;
    }
}
