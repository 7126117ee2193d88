<?php

namespace Bitrix\Main\Engine\ActionFilter;

use Bitrix\Main\Context;
use Bitrix\Main\Error;
use Bitrix\Main\Event;
use Bitrix\Main\EventResult;

/** Only by these methods of HTTP. */
class HttpMethod extends Base
{
    public const METHOD_GET = 'GET';
    public const METHOD_POST = 'POST';
    public const METHOD_PUT = 'PUT';
    public const METHOD_DELETE = 'DELETE';
    public const ERROR_INVALID_HTTP_METHOD = 'invalid_http_method';

    private $allowedMethods;

    public function __construct(array $allowedMethods = array(self::METHOD_GET))
    {
        parent::__construct();
        $this->allowedMethods = $allowedMethods;
    }

    public function onBeforeAction(Event $event)
    {
        if (in_array($this->action->getController()->getRequest()->getRequestMethod(), $this->allowedMethods, true)) {
            return null;
        }
        Context::getCurrent()->getResponse()->setStatus(405);
        $this->addError(new Error('Wrong method for current action', self::ERROR_INVALID_HTTP_METHOD));
        return new EventResult(EventResult::ERROR, null, null, $this);
    }
}
