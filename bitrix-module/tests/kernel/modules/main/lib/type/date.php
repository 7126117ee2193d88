<?php

namespace Bitrix\Main\Type;

use Bitrix\Main\ObjectException;

/** A day; strings are read in the culture's format unless another is given. */
class Date
{
    /** @var \DateTime */
    protected $value;

    public function __construct($date = null, $format = null)
    {
        $this->value = new \DateTime();
        if ($date !== null && $date !== '') {
            $this->parseWith($date, $format ?? static::getFormat());
        }
        $this->value->setTime(0, 0, 0);
    }

    /** @throws ObjectException where the text is not in the format */
    protected function parseWith(mixed $text, string $format): void
    {
        $parsed = \DateTime::createFromFormat('!' . $format, (string)$text, $this->value->getTimezone());
        $faults = \DateTime::getLastErrors();
        if ($parsed === false || ($faults !== false && $faults['warning_count'] + $faults['error_count'] > 0)) {
            throw new ObjectException("Incorrect date: $text");
        }
        $this->value = $parsed;
    }

    public function format($format)
    {
        return $this->value->format($format);
    }

    public function __clone()
    {
        $this->value = clone $this->value;
    }

    /** An ISO interval or words such as `-5 days`. */
    public function add($interval)
    {
        $isIso = preg_match('/^(-?)(P.+)$/', (string)$interval, $found) === 1;
        if ($isIso) {
            $step = new \DateInterval($found[2]);
            $step->invert = $found[1] === '-' ? 1 : 0;
        } else {
            $step = \DateInterval::createFromDateString((string)$interval);
        }
        $this->value->add($step);
        return $this;
    }

    public function getTimestamp()
    {
        return $this->value->getTimestamp();
    }

    public function toString(?\Bitrix\Main\Context\Culture $culture = null)
    {
        return $this->format(static::getFormat($culture));
    }

    public function __toString()
    {
        return $this->toString();
    }

    public static function getFormat(?\Bitrix\Main\Context\Culture $culture = null)
    {
        return static::convertFormatToPhp(static::getCultureFormat($culture));
    }

    protected static function getCultureFormat(?\Bitrix\Main\Context\Culture $culture = null)
    {
        return 'DD.MM.YYYY';
    }

    public static function convertFormatToPhp($format)
    {
        return strtr((string)$format, ['YYYY' => 'Y', 'MM' => 'm', 'DD' => 'd', 'HH' => 'H', 'MI' => 'i', 'SS' => 's']);
    }

    public static function createFromPhp(\DateTime $datetime)
    {
        $date = new static();
        $date->value = clone $datetime;
        $date->value->setTime(0, 0, 0);
        return $date;
    }

    public static function createFromTimestamp($timestamp)
    {
        $date = new static();
        $date->value->setTimestamp((int)$timestamp);
        $date->value->setTime(0, 0, 0);
        return $date;
    }
}
