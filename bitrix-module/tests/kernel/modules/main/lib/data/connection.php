<?php

namespace Bitrix\Main\Data;

/** A connection to any store. */
abstract class Connection
{
    protected $configuration;
    protected $resource;
    protected $isConnected = false;

    public function __construct(array $configuration)
    {
        $this->configuration = $configuration;
    }

    public function isConnected()
    {
        return $this->isConnected;
    }

    public function getResource()
    {
        $this->isConnected || $this->connectInternal();
        return $this->resource;
    }

    public function getConfiguration()
    {
        return $this->configuration;
    }

    abstract protected function connectInternal();
}
