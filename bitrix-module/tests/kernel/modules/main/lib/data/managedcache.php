<?php

namespace Bitrix\Main\Data;

/** Kept for the hit only, save what is written at once: that is a file, which the next hit finds. */
class ManagedCache
{
    protected $cache = [];
    /** @var array<string, true> what was asked for and not found */
    private array $asked = [];

    public function read($ttl, $uniqueId, $tableId = false)
    {
        if (isset($this->cache[$uniqueId])) {
            return true;
        }
        $file = self::file($uniqueId);
        if (is_file($file) && time() - filemtime($file) < $ttl) {
            $this->cache[$uniqueId] = unserialize((string)file_get_contents($file));
            return true;
        }
        $this->asked[$uniqueId] = true;
        return false;
    }

    /** As in the kernel nothing is written that was not asked for before. */
    public function setImmediate($uniqueId, $val)
    {
        if (isset($this->asked[$uniqueId])) {
            $file = self::file($uniqueId);
            is_dir(dirname($file)) || mkdir(dirname($file), 0755, true);
            file_put_contents("$file.new", serialize($val));
            rename("$file.new", $file);
            unset($this->asked[$uniqueId]);
        }
    }

    private static function file(string $uniqueId): string
    {
        return \Bitrix\Main\Application::getDocumentRoot() . '/bitrix/cache/managed/' . md5($uniqueId);
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
        unset($this->cache[$uniqueId], $this->asked[$uniqueId]);
        is_file(self::file($uniqueId)) && unlink(self::file($uniqueId));
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
