<?php

namespace Bitrix\Main\Engine\ActionFilter;

use Bitrix\Main\Event;

/** Lets the session go before the work begins. */
class CloseSession extends Base
{
    public function __construct($enabled = true)
    {
        parent::__construct();
    }

    public function onBeforeAction(Event $event)
    {
    }
}
