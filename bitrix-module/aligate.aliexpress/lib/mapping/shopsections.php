<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

use Aligate\Aliexpress\Reading\Rows;
use Aligate\Aliexpress\Reading\Text;

/** Sections of infoblocks with the number of their products: two queries, however many there are. */
final class ShopSections
{
    public const MAX = 20000;
    private const DEPTH_MAX = 20;

    /** @var array<int, array<string, string|null>> */
    private array $rows = [];

    public function __construct(private readonly Rows $database)
    {
    }

    /**
     * @param list<int> $iblockIds
     * @return list<ShopSection> by their paths
     */
    public function of(array $iblockIds): array
    {
        $iblocks = Rows::list($iblockIds);
        $sql = "SELECT ID, IBLOCK_ID, IBLOCK_SECTION_ID, NAME FROM b_iblock_section WHERE IBLOCK_ID IN ($iblocks)"
            . ' ORDER BY ID LIMIT ' . self::MAX;
        $this->rows = array_column($this->database->all($sql), null, 'ID');
        $products = $this->products($iblocks);
        $sections = [];
        foreach ($this->rows as $id => $row) {
            [$names, $above] = $this->way((int)$id);
            $count = $products[(int)$id] ?? 0;
            $sections[] = new ShopSection((int)$id, (int)$row['IBLOCK_ID'], implode(' / ', $names), $above, $count);
        }
        usort($sections, static fn (ShopSection $one, ShopSection $other): int
            => [$one->path, $one->id] <=> [$other->path, $other->id]);

        return $sections;
    }

    /**
     * Active products that lie in no section: they cannot get a category.
     *
     * @param list<int> $iblockIds
     */
    public function productsWithout(array $iblockIds): int
    {
        return $this->products(Rows::list($iblockIds))[0] ?? 0;
    }

    /** @return array<int, int> section, 0 for none => active products */
    private function products(string $iblocks): array
    {
        $sql = 'SELECT IBLOCK_SECTION_ID, COUNT(*) AS PRODUCTS FROM b_iblock_element'
            . " WHERE IBLOCK_ID IN ($iblocks) AND ACTIVE = 'Y'"
            . ' AND (WF_PARENT_ELEMENT_ID IS NULL OR WF_PARENT_ELEMENT_ID = 0) GROUP BY IBLOCK_SECTION_ID';
        $products = [];
        foreach ($this->database->all($sql) as $row) {
            $id = (int)$row['IBLOCK_SECTION_ID'];
            $products[$id] = ($products[$id] ?? 0) + (int)$row['PRODUCTS'];
        }

        return $products;
    }

    /** @return array{list<string>, list<int>} names from the top, and the ids above */
    private function way(int $id): array
    {
        $names = $above = [];
        for ($depth = 0; $depth < self::DEPTH_MAX && isset($this->rows[$id]); $depth++) {
            array_unshift($names, Text::line((string)$this->rows[$id]['NAME']));
            $depth > 0 && array_unshift($above, $id);
            $id = (int)$this->rows[$id]['IBLOCK_SECTION_ID'];
        }

        return [$names, $above];
    }
}
