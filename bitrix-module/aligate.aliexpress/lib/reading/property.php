<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** The definition of a property. */
final class Property
{
    /**
     * @param string $code its code, else the code that 1C gave it, else its id
     * @param string $type S, N, L, F, E or G
     * @param string $userType '' where it has none
     * @param string $directoryTable the table of a highload directory; '' where it is none
     * @param bool $isSeparate whether its infoblock keeps properties in tables of its own ("version 2")
     */
    public function __construct(
        public readonly int $id,
        public readonly int $iblockId,
        public readonly string $code,
        public readonly string $name,
        public readonly string $type,
        public readonly string $userType,
        public readonly string $directoryTable,
        public readonly bool $isMultiple,
        public readonly bool $isSeparate,
        private readonly string $xmlId,
    ) {
    }

    /** @param array<string, string|null> $row of `b_iblock_property` */
    public static function fromRow(array $row): self
    {
        $userType = (string)$row['USER_TYPE'];
        $code = (string)$row['CODE'];
        $xmlId = (string)$row['XML_ID'];

        return new self(
            (int)$row['ID'],
            (int)$row['IBLOCK_ID'],
            $code !== '' ? $code : ($xmlId !== '' ? $xmlId : (string)$row['ID']),
            Text::line((string)$row['NAME']),
            (string)$row['PROPERTY_TYPE'],
            $userType,
            $userType === 'directory' ? self::table((string)$row['USER_TYPE_SETTINGS']) : '',
            $row['MULTIPLE'] === 'Y',
            $row['VERSION'] === '2',
            $xmlId,
        );
    }

    /** Whether a setting means this property: 1C's own properties are known by their external codes. */
    public function isNamed(string $code): bool
    {
        return $code !== '' && ($this->code === $code || $this->xmlId === $code);
    }

    /** Whether its values are texts or numbers that speak for themselves. */
    public function isPlain(): bool
    {
        return in_array($this->type, ['S', 'N'], true) && $this->userType === '';
    }

    private static function table(string $settings): string
    {
        $decoded = @unserialize($settings, ['allowed_classes' => false]);
        $table = is_array($decoded) ? ($decoded['TABLE_NAME'] ?? '') : '';

        return is_string($table) && preg_match('/\A[a-z0-9_]{1,64}\z/i', $table) === 1 ? $table : '';
    }
}
