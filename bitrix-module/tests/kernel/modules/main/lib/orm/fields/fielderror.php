<?php

namespace Bitrix\Main\ORM\Fields;

use Bitrix\Main\ORM\EntityError;

/** A fault of one field. */
class FieldError extends EntityError
{
    public const EMPTY_REQUIRED = 'BX_EMPTY_REQUIRED';
    public const INVALID_VALUE = 'BX_INVALID_VALUE';

    protected $field;

    public function __construct(Field $field, $message, $code = 'BX_ERROR')
    {
        parent::__construct($message, $code);
        $this->field = $field;
    }

    public function getField()
    {
        return $this->field;
    }
}
