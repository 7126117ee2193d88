<?php

namespace Bitrix\Main\ORM;

use Bitrix\Main\ORM\Data\Result;

/** An event of a table class: sent once without and once with its namespace. */
class Event extends \Bitrix\Main\Event
{
    protected $entity;
    protected $entityEventType;

    public function __construct(Entity $entity, $type, array $parameters = array(), $withNamespace = false)
    {
        $name = $withNamespace ? $entity->getNamespace() . $entity->getName() . '::' : $entity->getName();
        $this->entity = $entity;
        $this->entityEventType = $type;
        parent::__construct($entity->getModule(), $name . $type, $parameters);
    }

    public function getEntity()
    {
        return $this->entity;
    }

    public function getErrors(Result $result)
    {
        $hasErrors = false;
        foreach ($this->getResults() as $one) {
            if ($one->getType() !== EventResult::ERROR) {
                continue;
            }
            $hasErrors = true;
            $errors = $one instanceof EventResult ? $one->getErrors() : [];
            $result->addErrors($errors ?: [new EntityError('The operation was refused by a handler')]);
        }
        return $hasErrors;
    }

    public function mergeFields(array $data)
    {
        foreach ($this->getResults() as $one) {
            if ($one instanceof EventResult && $one->getType() !== EventResult::ERROR) {
                $data = array_diff_key(array_merge($data, $one->getModified()), array_flip($one->getUnset()));
            }
        }
        return $data;
    }

    /** The table class hears of it first, in its own method of the event's name. */
    public function send($sender = null)
    {
        $own = [$this->entity->getDataClass(), $this->entityEventType];
        if (!str_contains($this->getEventType(), '::')) {
            $result = call_user_func($own, $this);
            $result instanceof EventResult && $this->addResult($result);
        }
        parent::send($sender);
    }
}
