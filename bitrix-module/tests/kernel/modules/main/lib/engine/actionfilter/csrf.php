<?php

namespace Bitrix\Main\Engine\ActionFilter;

use Bitrix\Main\Error;
use Bitrix\Main\Event;
use Bitrix\Main\EventResult;

/** Only with the token of the session. */
class Csrf extends Base
{
    public const HEADER_WITH_NEW_CSRF = 'X-Bitrix-New-Csrf';
    public const ERROR_INVALID_CSRF = 'invalid_csrf';

    public function __construct(private bool $enabled = true, private string $tokenName = 'sessid', bool $returnNew = true)
    {
        parent::__construct();
    }

    public function onBeforeAction(Event $event)
    {
        if (!$this->enabled || check_bitrix_sessid($this->tokenName)) {
            return null;
        }
        $this->addError(new Error('Invalid csrf token', self::ERROR_INVALID_CSRF));
        return new EventResult(EventResult::ERROR, null, null, $this);
    }
}
