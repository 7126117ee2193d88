<?php

namespace Bitrix\Main\Config;

use Bitrix\Main\Loader;

/** What `.settings.php` says: of the site, or of a module. */
class Configuration
{
    private static $instances = [];

    private array $data = [];

    private function __construct(string $file)
    {
        foreach (is_file($file) ? (array)include $file : [] as $name => $section) {
            $this->data[$name] = $section['value'] ?? null;
        }
    }

    public static function getInstance(?string $moduleId = null): self
    {
        $file = $moduleId === null
            ? Loader::getDocumentRoot() . '/bitrix/.settings.php'
            : Loader::getLocal("modules/$moduleId") . '/.settings.php';
        return self::$instances[$moduleId ?? ''] ??= new self($file);
    }

    public static function getValue($name)
    {
        return self::getInstance()->get($name);
    }

    public static function setValue($name, $value): void
    {
        self::getInstance()->add($name, $value);
    }

    public function get($name)
    {
        return $this->data[$name] ?? null;
    }

    public function add($name, $value): self
    {
        $this->data[$name] = $value;
        return $this;
    }
}
