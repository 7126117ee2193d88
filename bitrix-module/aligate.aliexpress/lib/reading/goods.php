<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** Products and offers as they were read together, and how they belong to each other. */
final class Goods
{
    /**
     * @param array<int, Element> $elements
     * @param array<int, int> $productOf offer => its product
     * @param array<int, list<int>> $offersOf product => its offers; those of products that were asked for whole
     * @param array<int, list<int>> $sectionsOf product => its sections
     * @param array<int, Section> $sections with all above them
     * @param array<int, true> $emptied products that are sold by offers and have none
     */
    public function __construct(
        public readonly array $elements,
        public readonly array $productOf,
        public readonly array $offersOf,
        public readonly array $sectionsOf,
        public readonly array $sections,
        public readonly array $emptied = [],
    ) {
    }

    /** The product of an offer, or a product itself; null where there is none such. */
    public function productId(int $id): ?int
    {
        $productId = $this->productOf[$id] ?? $id;

        return isset($this->elements[$id], $this->elements[$productId]) ? $productId : null;
    }

    /** Whether it has stock and a price of its own: an offer, or a product without offers. */
    public function isSellable(int $id): bool
    {
        return $this->productId($id) !== null && ($this->offersOf[$id] ?? []) === [] && !isset($this->emptied[$id]);
    }

    /** @return list<int> what of a product is sold: its offers, else itself */
    public function sellableOf(int $productId): array
    {
        return array_values(array_filter($this->offersOf[$productId] ?? [$productId], $this->isSellable(...)));
    }

    /**
     * Whether buyers see it: the element, its product, and one of the product's sections, if it has any, with all
     * above.
     */
    public function isActive(int $id): bool
    {
        $productId = $this->productId($id);
        if ($productId === null || !$this->elements[$id]->isActive || !$this->elements[$productId]->isActive) {
            return false;
        }
        $sections = $this->sectionsOf[$productId] ?? [];
        foreach ($sections as $sectionId) {
            if ($this->isSectionActive($sectionId)) {
                return true;
            }
        }

        return $sections === [];
    }

    /** @return list<Section> from the topmost to this one */
    public function path(int $sectionId): array
    {
        $path = [];
        while (isset($this->sections[$sectionId]) && count($path) < SectionReader::DEPTH_MAX) {
            array_unshift($path, $this->sections[$sectionId]);
            $sectionId = $this->sections[$sectionId]->parentId;
        }

        return $path;
    }

    /** Both together; what both have is the other's. */
    public function with(self $other): self
    {
        return new self(
            $other->elements + $this->elements,
            $other->productOf + $this->productOf,
            $other->offersOf + $this->offersOf,
            $other->sectionsOf + $this->sectionsOf,
            $other->sections + $this->sections,
            $other->emptied + $this->emptied,
        );
    }

    private function isSectionActive(int $sectionId): bool
    {
        $path = $this->path($sectionId);
        $isOff = static fn (Section $one): bool => !$one->isActive;

        return $path !== [] && array_filter($path, $isOff) === [];
    }
}
