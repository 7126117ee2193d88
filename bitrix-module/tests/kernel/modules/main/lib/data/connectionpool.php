<?php

namespace Bitrix\Main\Data;

use Bitrix\Main\Config\Configuration;
use Bitrix\Main\DB\MysqliConnection;

/** Connections by the names of the section `connections`. */
class ConnectionPool
{
    public const DEFAULT_CONNECTION_NAME = 'default';

    protected $connections = [];

    public function getConnection($name = "")
    {
        $name = $name === '' || $name === null ? self::DEFAULT_CONNECTION_NAME : $name;
        if (!isset($this->connections[$name])) {
            $of = Configuration::getValue('connections')[$name] ?? null;
            if ($of === null) {
                return null;
            }
            $this->connections[$name] = new MysqliConnection($of);
        }
        return $this->connections[$name];
    }
}
