<?php

namespace Bitrix\Main\ORM\Fields;

use Bitrix\Main\ORM\Entity;

/** A member of an entity. */
abstract class Field
{
    protected $name;
    protected $initialParameters;
    protected $entity;
    protected $title;
    protected $validators = [];

    public function __construct($name, $parameters = array())
    {
        $this->name = $name;
        $this->initialParameters = $parameters;
    }

    public function setEntity(Entity $entity)
    {
        $this->entity = $entity;
    }

    public function getEntity()
    {
        return $this->entity;
    }

    public function getName()
    {
        return $this->name;
    }

    public function setName($name)
    {
        $this->name = $name;
    }

    public function getParameter($name)
    {
        return $this->initialParameters[$name] ?? null;
    }

    public function hasParameter($name)
    {
        return array_key_exists($name, $this->initialParameters);
    }

    public function configureTitle($title)
    {
        $this->title = $title;
        return $this;
    }

    public function getTitle()
    {
        return $this->title ?? $this->initialParameters['title'] ?? $this->name;
    }

    public function addValidator($validator)
    {
        $this->validators[] = $validator;
        return $this;
    }

    public function getValidators()
    {
        return $this->validators;
    }
}
