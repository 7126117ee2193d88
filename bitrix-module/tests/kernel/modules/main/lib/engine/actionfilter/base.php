<?php

namespace Bitrix\Main\Engine\ActionFilter;

use Bitrix\Main\Engine\Action;
use Bitrix\Main\Error;
use Bitrix\Main\ErrorCollection;
use Bitrix\Main\Errorable;
use Bitrix\Main\Event;

/** Stands before an action, or after it. */
class Base implements Errorable
{
    /** @var Action */
    protected $action;
    /** @var ErrorCollection */
    protected $errorCollection;

    public static function className()
    {
        return static::class;
    }

    public function __construct()
    {
        $this->errorCollection = new ErrorCollection();
    }

    public function bindAction(Action $action)
    {
        $this->action = $action;
    }

    public function getAction()
    {
        return $this->action;
    }

    public function onBeforeAction(Event $event)
    {
    }

    public function onAfterAction(Event $event)
    {
    }

    protected function addError(Error $error)
    {
        $this->errorCollection[] = $error;
        return $this;
    }

    public function getErrors()
    {
        return $this->errorCollection->toArray();
    }

    public function getErrorByCode($code)
    {
        return $this->errorCollection->getErrorByCode($code);
    }
}
