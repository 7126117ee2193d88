<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/**
 * Sections with all above them, a query for each level of the tree.
 *
 * Not by margins, which raw writes leave wrong, and not by the kernel's own flag of being active with all above, for
 * the same reason.
 */
final class SectionReader
{
    public const DEPTH_MAX = 20;

    public function __construct(private readonly Rows $rows)
    {
    }

    /**
     * @param list<int> $ids
     * @return array<int, Section>
     */
    public function read(array $ids): array
    {
        $sections = [];
        $wanted = array_values(array_unique(array_filter($ids)));
        for ($level = 0; $wanted !== [] && $level < self::DEPTH_MAX; $level++) {
            $rows = $this->rows->all(
                'SELECT ID, IBLOCK_SECTION_ID, NAME, CODE, ACTIVE FROM b_iblock_section WHERE ID IN ('
                . Rows::list($wanted) . ')'
            );
            $wanted = [];
            foreach ($rows as $row) {
                $id = (int)$row['ID'];
                $parentId = (int)$row['IBLOCK_SECTION_ID'];
                $name = Text::line((string)$row['NAME']);
                $sections[$id] = new Section($id, $parentId, $name, (string)$row['CODE'], $row['ACTIVE'] === 'Y');
                if ($parentId > 0) {
                    $wanted[$parentId] = $parentId;
                }
            }
            $wanted = array_values(array_diff_key($wanted, $sections));
        }

        return $sections;
    }

    /**
     * @param list<int> $elementIds
     * @return array<int, list<int>> element => the sections it is put into, without those by properties
     */
    public function ofElements(array $elementIds): array
    {
        if ($elementIds === []) {
            return [];
        }
        $rows = $this->rows->all(
            'SELECT IBLOCK_ELEMENT_ID, IBLOCK_SECTION_ID FROM b_iblock_section_element'
            . ' WHERE ADDITIONAL_PROPERTY_ID IS NULL AND IBLOCK_ELEMENT_ID IN (' . Rows::list($elementIds)
            . ') ORDER BY IBLOCK_SECTION_ID'
        );
        $of = [];
        foreach ($rows as $row) {
            $of[(int)$row['IBLOCK_ELEMENT_ID']][] = (int)$row['IBLOCK_SECTION_ID'];
        }

        return $of;
    }
}
