<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** Active properties of infoblocks, in one query. */
final class PropertyDefinitions
{
    public function __construct(private readonly Rows $rows)
    {
    }

    /**
     * @param list<int> $iblockIds
     * @return array<int, Property> by id, in their order
     */
    public function of(array $iblockIds): array
    {
        if ($iblockIds === []) {
            return [];
        }
        $rows = $this->rows->all(
            'SELECT ID, IBLOCK_ID, CODE, XML_ID, NAME, PROPERTY_TYPE, USER_TYPE, USER_TYPE_SETTINGS, MULTIPLE, VERSION'
            . " FROM b_iblock_property WHERE ACTIVE = 'Y' AND IBLOCK_ID IN (" . Rows::list($iblockIds)
            . ') ORDER BY SORT, ID'
        );
        $properties = [];
        foreach ($rows as $row) {
            $properties[(int)$row['ID']] = Property::fromRow($row);
        }

        return $properties;
    }
}
