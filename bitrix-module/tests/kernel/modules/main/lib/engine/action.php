<?php

namespace Bitrix\Main\Engine;

/** A call of a controller's method. */
class Action
{
    protected $name;
    protected $controller;
    protected $config;
    protected $arguments = [];

    public function __construct($name, Controller $controller, $config = array())
    {
        $this->name = $name;
        $this->controller = $controller;
        $this->config = $config;
    }

    public function getName()
    {
        return $this->name;
    }

    public function getController()
    {
        return $this->controller;
    }

    public function getConfig()
    {
        return $this->config;
    }

    public function getArguments()
    {
        return $this->arguments;
    }

    public function setArguments(array $arguments)
    {
        $this->arguments = $arguments;
    }
}
