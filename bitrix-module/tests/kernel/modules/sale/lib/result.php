<?php

namespace Bitrix\Sale;

use Bitrix\Main\Error;

/** A result that has warnings beside errors. */
class Result extends \Bitrix\Main\ORM\Data\Result
{
    protected $id;
    /** @var list<Error> */
    protected $warnings = [];

    public function setId($id)
    {
        $this->id = $id;
    }

    public function getId()
    {
        return $this->id;
    }

    public function addWarning(Error $error)
    {
        $this->warnings[] = $error;
    }

    public function addWarnings(array $errors)
    {
        foreach ($errors as $error) {
            $this->addWarning($error);
        }
    }

    public function getWarnings()
    {
        return $this->warnings;
    }

    public function getWarningMessages()
    {
        return array_map(static fn (Error $error) => $error->getMessage(), $this->warnings);
    }

    public function hasWarnings()
    {
        return $this->warnings !== [];
    }
}
