<?php

namespace Bitrix\Main\Data;

/** Nothing is cached by tags here. */
class TaggedCache
{
    public function __construct()
    {
    }

    public function registerTag($tag): void
    {
    }

    public function clearByTag($tag): void
    {
    }
}
