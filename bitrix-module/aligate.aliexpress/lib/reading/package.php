<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/**
 * Weight and sizes of the parcel. The kernel keeps grams and millimetres; AliExpress takes kilograms and whole
 * centimetres.
 */
final class Package
{
    /** Sizes beyond this are not believed. */
    private const MAX = 100000.0;

    public function __construct(
        public readonly float $grams,
        public readonly float $lengthMm,
        public readonly float $widthMm,
        public readonly float $heightMm,
    ) {
    }

    /** Each value of this one, else of the other. */
    public function orOf(self $other): self
    {
        return new self(
            $this->grams > 0.0 ? $this->grams : $other->grams,
            $this->lengthMm > 0.0 ? $this->lengthMm : $other->lengthMm,
            $this->widthMm > 0.0 ? $this->widthMm : $other->widthMm,
            $this->heightMm > 0.0 ? $this->heightMm : $other->heightMm,
        );
    }

    /** The greater of each value: one parcel for whichever offer is bought. */
    public function orGreater(self $other): self
    {
        return new self(
            max($this->grams, $other->grams),
            max($this->lengthMm, $other->lengthMm),
            max($this->widthMm, $other->widthMm),
            max($this->heightMm, $other->heightMm),
        );
    }

    /**
     * @return array<string, string|int> those that are known; sizes are rounded up, since a parcel is not smaller
     * than its goods
     */
    public function toArray(): array
    {
        $known = [];
        if ($this->grams > 0.0) {
            $known['weight_kg'] = number_format(min($this->grams, self::MAX * 1000) / 1000, 3, '.', '');
        }
        $sizes = ['length_cm' => $this->lengthMm, 'width_cm' => $this->widthMm, 'height_cm' => $this->heightMm];
        foreach ($sizes as $name => $mm) {
            if ($mm > 0.0) {
                $known[$name] = (int)ceil(min($mm, self::MAX) / 10);
            }
        }

        return $known;
    }
}
