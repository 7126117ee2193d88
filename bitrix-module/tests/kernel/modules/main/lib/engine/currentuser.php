<?php

namespace Bitrix\Main\Engine;

/** `$USER` of the hit. */
class CurrentUser
{
    protected function __construct()
    {
    }

    public static function get(): self
    {
        return new static();
    }

    public function getId()
    {
        global $USER;
        return is_object($USER) ? $USER->GetID() : null;
    }

    public function isAdmin(): bool
    {
        global $USER;
        return is_object($USER) && $USER->IsAdmin();
    }

    public function getUserGroups(): array
    {
        global $USER;
        return is_object($USER) ? $USER->GetUserGroupArray() : [];
    }

    public function canDoOperation($operationName): bool
    {
        return $this->isAdmin();
    }
}
