<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** Values of properties from both kinds of storage, in a query or two for each infoblock, as texts that people read. */
final class PropertyReader
{
    /** Values of one property of one element. */
    private const VALUES_MAX = 100;

    public function __construct(private readonly Rows $rows, private readonly FileReader $files)
    {
    }

    /**
     * @param list<int> $iblockIds
     * @return array<int, Property> by id, in their order
     */
    public function definitions(array $iblockIds): array
    {
        return (new PropertyDefinitions($this->rows))->of($iblockIds);
    }

    /**
     * @param array<int, Property> $properties
     * @param list<int> $elementIds
     * @return array<int, list<PropertyValue>> element => what it has, in the order of the properties
     */
    public function values(array $properties, array $elementIds): array
    {
        $raw = $this->raw($properties, $elementIds);
        $display = new PropertyDisplay($this->rows, $this->files, $properties, $raw);
        $values = [];
        foreach ($raw as $elementId => $ofElement) {
            foreach (array_intersect_key($properties, $ofElement) as $propertyId => $property) {
                $shown = $display->values($property, array_slice($ofElement[$propertyId], 0, self::VALUES_MAX));
                if ($shown !== []) {
                    $values[$elementId][] = new PropertyValue($property, $shown);
                }
            }
        }

        return $values;
    }

    /**
     * Values as they are stored.
     *
     * @param array<int, Property> $properties
     * @param list<int> $elementIds
     * @return array<int, array<int, list<string>>> element => property => values
     */
    public function raw(array $properties, array $elementIds): array
    {
        if ($elementIds === []) {
            return [];
        }
        $elements = Rows::list($elementIds);
        $shared = array_filter($properties, static fn (Property $one): bool => !$one->isSeparate);
        $raw = $shared === [] ? [] : $this->rowsOfValues('b_iblock_element_property', $shared, $elements);
        $separate = [];
        foreach (array_diff_key($properties, $shared) as $id => $property) {
            $separate[$property->iblockId][$property->isMultiple ? 'm' : 's'][$id] = $property;
        }
        foreach ($separate as $iblockId => $tables) {
            if (isset($tables['m'])) {
                $found = $this->rowsOfValues("b_iblock_element_prop_m$iblockId", $tables['m'], $elements);
                $raw = self::merged($raw, $found);
            }
            if (isset($tables['s'])) {
                $found = $this->columnsOfValues("b_iblock_element_prop_s$iblockId", $tables['s'], $elements);
                $raw = self::merged($raw, $found);
            }
        }

        return $raw;
    }

    /**
     * @param array<int, Property> $properties
     * @return array<int, array<int, list<string>>>
     */
    private function rowsOfValues(string $table, array $properties, string $elements): array
    {
        $rows = $this->rows->all(
            "SELECT IBLOCK_ELEMENT_ID, IBLOCK_PROPERTY_ID, VALUE FROM $table WHERE IBLOCK_ELEMENT_ID IN ($elements)"
            . ' AND IBLOCK_PROPERTY_ID IN (' . Rows::list(array_keys($properties)) . ') ORDER BY ID'
        );
        $raw = [];
        foreach ($rows as $row) {
            if ((string)$row['VALUE'] !== '') {
                $raw[(int)$row['IBLOCK_ELEMENT_ID']][(int)$row['IBLOCK_PROPERTY_ID']][] = (string)$row['VALUE'];
            }
        }

        return $raw;
    }

    /**
     * @param array<int, Property> $properties
     * @return array<int, array<int, list<string>>>
     */
    private function columnsOfValues(string $table, array $properties, string $elements): array
    {
        $columns = array_map(static fn (int $id): string => "PROPERTY_$id", array_keys($properties));
        $rows = $this->rows->all(
            'SELECT IBLOCK_ELEMENT_ID, ' . implode(', ', $columns)
            . " FROM $table WHERE IBLOCK_ELEMENT_ID IN ($elements)"
        );
        $raw = [];
        foreach ($rows as $row) {
            foreach (array_keys($properties) as $id) {
                if ((string)($row["PROPERTY_$id"] ?? '') !== '') {
                    $raw[(int)$row['IBLOCK_ELEMENT_ID']][$id] = [(string)$row["PROPERTY_$id"]];
                }
            }
        }

        return $raw;
    }

    /**
     * @param array<int, array<int, list<string>>> $one
     * @param array<int, array<int, list<string>>> $other
     * @return array<int, array<int, list<string>>>
     */
    private static function merged(array $one, array $other): array
    {
        foreach ($other as $elementId => $values) {
            $one[$elementId] = $values + ($one[$elementId] ?? []);
        }

        return $one;
    }
}
