<?php

namespace Bitrix\Main;

/** What went wrong, for people, with a code for programs. */
class Error implements \JsonSerializable
{
    protected $code;
    protected $message;
    protected $customData;

    public function __construct($message, $code = 0, $customData = null)
    {
        $this->message = $message;
        $this->code = $code;
        $this->customData = $customData;
    }

    public static function createFromThrowable(\Throwable $exception): static
    {
        return new static($exception->getMessage(), $exception->getCode());
    }

    public function getCode()
    {
        return $this->code;
    }

    public function getMessage()
    {
        return $this->message;
    }

    public function getCustomData()
    {
        return $this->customData;
    }

    public function __toString()
    {
        return (string)$this->message;
    }

    #[\ReturnTypeWillChange]
    public function jsonSerialize()
    {
        return ['message' => $this->message, 'code' => $this->code, 'customData' => $this->customData];
    }
}
