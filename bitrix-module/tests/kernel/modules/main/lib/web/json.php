<?php

namespace Bitrix\Main\Web;

use Bitrix\Main\ArgumentException;

/** JSON whose text differs from `json_encode`: tags, ampersands and quotes are escaped. */
class Json
{
    public const DEFAULT_OPTIONS = JSON_HEX_TAG | JSON_HEX_AMP | JSON_HEX_APOS | JSON_HEX_QUOT | JSON_UNESCAPED_UNICODE
        | JSON_INVALID_UTF8_SUBSTITUTE;

    public static function encode($data, $options = null)
    {
        try {
            return json_encode($data, ($options ?? self::DEFAULT_OPTIONS) | JSON_THROW_ON_ERROR);
        } catch (\JsonException $fault) {
            throw new ArgumentException($fault->getMessage(), 'data', $fault);
        }
    }

    public static function decode($data)
    {
        try {
            return json_decode((string)$data, true, 512, JSON_THROW_ON_ERROR);
        } catch (\JsonException $fault) {
            throw new ArgumentException($fault->getMessage(), 'data', $fault);
        }
    }
}
