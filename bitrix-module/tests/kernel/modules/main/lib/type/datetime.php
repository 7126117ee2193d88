<?php

namespace Bitrix\Main\Type;

/** A moment in the server's time. */
class DateTime extends Date
{
    protected $userTimeEnabled = true;

    public function __construct($time = null, $format = null, ?\DateTimeZone $timezone = null)
    {
        $this->value = new \DateTime('now', $timezone);
        if ($time !== null && $time !== '') {
            $this->parseWith($time, $format ?? static::getFormat());
        }
    }

    public function getTimeZone()
    {
        return $this->value->getTimezone();
    }

    public function setTimeZone(\DateTimeZone $timezone)
    {
        $this->value->setTimezone($timezone);
        return $this;
    }

    public function setDefaultTimeZone()
    {
        return $this->setTimeZone(new \DateTimeZone(date_default_timezone_get()));
    }

    public function setTime($hour, $minute, $second = 0, $microseconds = 0)
    {
        $this->value->setTime((int)$hour, (int)$minute, (int)$second, (int)$microseconds);
        return $this;
    }

    public function toUserTime()
    {
        return clone $this;
    }

    public function disableUserTime()
    {
        $this->userTimeEnabled = false;
        return $this;
    }

    protected static function getCultureFormat(?\Bitrix\Main\Context\Culture $culture = null)
    {
        return 'DD.MM.YYYY HH:MI:SS';
    }

    public static function createFromPhp(\DateTime $datetime)
    {
        $moment = new static();
        $moment->value = clone $datetime;
        return $moment;
    }

    public static function createFromTimestamp($timestamp)
    {
        $moment = new static();
        $moment->value->setTimestamp((int)$timestamp);
        return $moment;
    }

    public static function tryParse($timeString, $format = null)
    {
        try {
            return $timeString === '' || $timeString === null ? null : new static($timeString, $format);
        } catch (\Bitrix\Main\ObjectException) {
            return null;
        }
    }
}
