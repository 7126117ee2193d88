<?php

namespace Bitrix\Main;

/** One event of the new kind: a module, a type, named parameters. */
class Event
{
    protected $moduleId;
    protected $type;
    protected $parameters;
    protected $filter;
    protected $sender;
    protected $results = [];

    public function __construct($moduleId, $type, $parameters = array(), $filter = null)
    {
        $this->moduleId = $moduleId;
        $this->type = $type;
        $this->parameters = $parameters;
        $this->filter = $filter;
    }

    public function getModuleId()
    {
        return $this->moduleId;
    }

    public function getEventType()
    {
        return $this->type;
    }

    public function setParameters($parameters)
    {
        $this->parameters = $parameters;
    }

    public function getParameters()
    {
        return $this->parameters;
    }

    public function setParameter($key, $value)
    {
        if (!is_array($this->parameters)) {
            $this->parameters = [];
        }
        $this->parameters[$key] = $value;
    }

    public function getParameter($key)
    {
        return $this->parameters[$key] ?? null;
    }

    public function getFilter()
    {
        return $this->filter;
    }

    public function getResults()
    {
        return $this->results;
    }

    public function addResult(EventResult $result)
    {
        $this->results[] = $result;
    }

    public function getSender()
    {
        return $this->sender;
    }

    public function send($sender = null)
    {
        $this->sender = $sender;
        EventManager::getInstance()->send($this);
    }
}
