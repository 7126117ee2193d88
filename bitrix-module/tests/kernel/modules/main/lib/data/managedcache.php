<?php

namespace Bitrix\Main\Data;

/** Kept for the hit only: another process sees nothing of it, as it would not see the kernel's in time. */
class ManagedCache
{
    protected $cache = [];

    public function read($ttl, $uniqueId, $tableId = false)
    {
        return isset($this->cache[$uniqueId]);
    }

    public function get($uniqueId)
    {
        return $this->cache[$uniqueId] ?? false;
    }

    public function set($uniqueId, $val)
    {
        $this->cache[$uniqueId] = $val;
    }

    public function clean($uniqueId, $tableId = false)
    {
        unset($this->cache[$uniqueId]);
    }

    public function cleanDir($tableId)
    {
        $this->cache = [];
    }

    public function cleanAll()
    {
        $this->cache = [];
    }
}
