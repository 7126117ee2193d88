<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

/** Who gets the parcel. Shows in no dump. */
final class Buyer
{
    /** A text above this is cut: the columns of `sale` take no more. */
    private const CHARACTERS_MAX = 500;

    public function __construct(
        public readonly string $name,
        public readonly string $phone,
        public readonly string $country,
        public readonly string $region,
        public readonly string $city,
        public readonly string $address,
        public readonly string $zip,
    ) {
    }

    /** @param array<mixed> $data */
    public static function fromArray(array $data): self
    {
        return new self(
            self::text($data, 'name'),
            self::text($data, 'phone'),
            self::text($data, 'country'),
            self::text($data, 'region'),
            self::text($data, 'city'),
            self::text($data, 'address'),
            self::text($data, 'zip'),
        );
    }

    /** @return array<string, string> the parts that are given, by the names that the settings use */
    public function parts(): array
    {
        return array_filter(get_object_vars($this), static fn (string $part): bool => $part !== '');
    }

    /** All of the address in one line, as one field of a shop takes it. */
    public function wholeAddress(): string
    {
        return implode(', ', array_filter([$this->zip, $this->country, $this->region, $this->city, $this->address], 'strlen'));
    }

    /** @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['buyer' => '***'];
    }

    /** @param array<mixed> $data */
    private static function text(array $data, string $name): string
    {
        $value = $data[$name] ?? '';
        $text = is_scalar($value) ? trim(mb_scrub((string)$value, 'UTF-8')) : '';

        return mb_substr(preg_replace('/[\x00-\x1F\x7F]+/u', ' ', $text) ?? '', 0, self::CHARACTERS_MAX, 'UTF-8');
    }
}
