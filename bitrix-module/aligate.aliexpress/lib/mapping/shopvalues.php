<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

use Aligate\Aliexpress\Reading\Property;
use Aligate\Aliexpress\Reading\Rows;
use Aligate\Aliexpress\Reading\Text;
use Bitrix\Main\DB\Connection as Database;

/**
 * All different values of a property, one row after the other: there may be tens of thousands, and no page gets them all.
 *
 * A value is known by what events call it: the id of what it was chosen from, else its text.
 */
final class ShopValues
{
    public const MAX = 100000;

    public function __construct(private readonly Database $database, private readonly Rows $rows)
    {
    }

    /** @return iterable<array{string, string}> key and text, always in the same order, none twice */
    public function of(ShopProperty $property): iterable
    {
        $seen = [];
        foreach ($property->definitions as $definition) {
            foreach ($this->ofDefinition($definition) as [$key, $text]) {
                if ($text !== '' && !isset($seen[$key])) {
                    $seen[$key] = true;
                    yield [(string)$key, $text];
                }
                if (count($seen) >= self::MAX) {
                    return;
                }
            }
        }
    }

    /** @return iterable<array{string, string}> the same where events give the text alone */
    public function texts(ShopProperty $property): iterable
    {
        $seen = [];
        foreach ($this->of($property) as [, $text]) {
            if (!isset($seen[$text])) {
                $seen[$text] = true;
                yield [$text, $text];
            }
        }
    }

    /** @return iterable<array{string, string}> */
    private function ofDefinition(Property $property): iterable
    {
        $sql = match (true) {
            $property->directoryTable !== '' => $this->directory($property->directoryTable),
            $property->type === 'L' => 'SELECT ID AS K, VALUE AS T FROM b_iblock_property_enum'
                . " WHERE PROPERTY_ID = $property->id ORDER BY SORT, VALUE, ID",
            $property->type === 'E' => $this->linked($property, 'b_iblock_element'),
            $property->type === 'G' => $this->linked($property, 'b_iblock_section'),
            default => $this->distinct($property),
        };
        if ($sql === '') {
            return;
        }
        $hasIds = $property->directoryTable !== '' || in_array($property->type, ['L', 'E', 'G'], true);
        $result = $this->database->query($sql . ' LIMIT ' . self::MAX);
        while ($row = $result->fetchRaw()) {
            $text = Text::block((string)$row['T']);
            yield [$hasIds ? (string)$row['K'] : $text, $text];
        }
    }

    private function distinct(Property $property): string
    {
        // Two values that differ in case alone are two: a key is compared byte by byte.
        return "SELECT MIN(V) AS T FROM ({$this->stored($property)}) s WHERE V <> '' GROUP BY BINARY V ORDER BY BINARY V";
    }

    private function linked(Property $property, string $table): string
    {
        return "SELECT t.ID AS K, t.NAME AS T FROM (SELECT DISTINCT V FROM ({$this->stored($property)}) s) d"
            . " INNER JOIN $table t ON t.ID = d.V ORDER BY t.NAME, t.ID";
    }

    /** Values as they lie in either kind of storage. */
    private function stored(Property $property): string
    {
        if (!$property->isSeparate) {
            return "SELECT VALUE AS V FROM b_iblock_element_property WHERE IBLOCK_PROPERTY_ID = $property->id";
        }

        return $property->isMultiple
            ? "SELECT VALUE AS V FROM b_iblock_element_prop_m$property->iblockId WHERE IBLOCK_PROPERTY_ID = $property->id"
            : "SELECT PROPERTY_$property->id AS V FROM b_iblock_element_prop_s$property->iblockId";
    }

    private function directory(string $table): string
    {
        $name = $this->rows->texts([$table]);
        $exists = $this->rows->all("SELECT TABLE_NAME FROM b_hlblock_entity WHERE TABLE_NAME IN ($name)");

        return $exists === [] ? '' : "SELECT UF_XML_ID AS K, UF_NAME AS T FROM `$table` ORDER BY UF_NAME, UF_XML_ID";
    }
}
