<?php

namespace Bitrix\Main\Page;

/** Scripts and styles that a page asks for. */
class Asset
{
    private static $instance;
    /** @var list<string> */
    private array $added = [];

    protected function __construct()
    {
    }

    public static function getInstance()
    {
        return self::$instance ??= new static();
    }

    public function addJs($path, $additional = false)
    {
        $this->added[] = $path;
        return true;
    }

    public function addCss($path, $additional = false)
    {
        $this->added[] = $path;
        return true;
    }
}
