<?php

namespace Bitrix\Main\Engine\Response;

use Bitrix\Main\ErrorCollection;
use Bitrix\Main\Errorable;

/** What `ajax.php` answers: status, data, errors. */
class AjaxJson extends Json implements Errorable
{
    public const STATUS_SUCCESS = 'success';
    public const STATUS_DENIED = 'denied';
    public const STATUS_ERROR = 'error';

    private $state;
    private $errorCollection;

    public function __construct($data = null, $status = self::STATUS_SUCCESS, ?ErrorCollection $errorCollection = null)
    {
        $this->state = $status;
        $this->errorCollection = $errorCollection ?? new ErrorCollection();
        parent::__construct($data);
    }

    public static function createSuccess($data = null)
    {
        return new self($data);
    }

    public static function createError(?ErrorCollection $errorCollection = null, $data = null)
    {
        return new self($data, self::STATUS_ERROR, $errorCollection);
    }

    public static function createDenied(?ErrorCollection $errorCollection = null, $data = null)
    {
        return new self($data, self::STATUS_DENIED, $errorCollection);
    }

    public function setData($data)
    {
        return parent::setData(['status' => $this->state, 'data' => $data, 'errors' => array_map(static fn ($error) => $error->jsonSerialize(), $this->getErrors())]);
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
