<?php

namespace Bitrix\Main\Page;

/** Scripts and styles that a page asks for. */
class Asset
{
    private static $instance;
    /** @var list<string> */
    private array $scripts = [];
    /** @var list<string> */
    private array $styles = [];

    protected function __construct()
    {
    }

    public static function getInstance()
    {
        return self::$instance ??= new static();
    }

    public function addJs($path, $additional = false)
    {
        $this->scripts[] = $path;
        return true;
    }

    public function addCss($path, $additional = false)
    {
        $this->styles[] = $path;
        return true;
    }

    public function getJs($type = 3)
    {
        return implode('', array_map(static fn ($path) => "<script src=\"$path\"></script>\n", array_unique($this->scripts)));
    }

    public function getCss($type = 3)
    {
        return implode('', array_map(static fn ($path) => "<link rel=\"stylesheet\" href=\"$path\">\n", array_unique($this->styles)));
    }
}
