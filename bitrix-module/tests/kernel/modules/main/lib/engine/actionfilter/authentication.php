<?php

namespace Bitrix\Main\Engine\ActionFilter;

use Bitrix\Main\Context;
use Bitrix\Main\Error;
use Bitrix\Main\Event;
use Bitrix\Main\EventResult;

/** Only for somebody who is authorised. */
class Authentication extends Base
{
    public const ERROR_INVALID_AUTHENTICATION = 'invalid_authentication';

    public function __construct($enableRedirect = false)
    {
        parent::__construct();
    }

    public function onBeforeAction(Event $event)
    {
        global $USER;
        if (is_object($USER) && $USER->IsAuthorized()) {
            return null;
        }
        Context::getCurrent()->getResponse()->setStatus(401);
        $this->addError(new Error('Authentication is needed', self::ERROR_INVALID_AUTHENTICATION));
        return new EventResult(EventResult::ERROR, null, null, $this);
    }
}
