<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

use Bitrix\Main\Data\ManagedCache;

/** What was asked of the gateway lately, in the kernel's cache: pages of one list need not ask again. */
final class Kept
{
    private const FOLDER = 'aligate_aliexpress';

    /** @param string $of whose it is: another gateway or shop finds nothing of it */
    public function __construct(private readonly ManagedCache $cache, private readonly string $of)
    {
    }

    /** @return array<array-key, mixed>|null */
    public function get(string $name, int $seconds): ?array
    {
        $found = $this->cache->read($seconds, $this->id($name), self::FOLDER) ? $this->cache->get($this->id($name)) : null;

        return is_array($found) ? $found : null;
    }

    /** @param array<array-key, mixed> $value */
    public function put(string $name, int $seconds, array $value): void
    {
        // The kernel keeps what it was asked for before, and lets nothing be replaced.
        $this->cache->clean($this->id($name), self::FOLDER);
        $this->cache->read($seconds, $this->id($name), self::FOLDER);
        $this->cache->setImmediate($this->id($name), $value);
    }

    private function id(string $name): string
    {
        return "aligate_aliexpress_{$this->of}_$name";
    }
}
