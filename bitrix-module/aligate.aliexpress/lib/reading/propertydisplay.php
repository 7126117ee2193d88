<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/**
 * What stored values mean: list values, files, rows of highload directories, linked elements and sections, each kind
 * in one query.
 */
final class PropertyDisplay
{
    /** @var array<string, array<string, string>> kind of reference => stored value => text */
    private array $texts = [];

    /**
     * @param array<int, Property> $properties
     * @param array<int, array<int, list<string>>> $raw element => property => values
     */
    public function __construct(
        private readonly Rows $rows,
        private readonly FileReader $files,
        private readonly array $properties,
        array $raw,
    ) {
        $wanted = [];
        foreach ($raw as $ofElement) {
            foreach ($ofElement as $propertyId => $values) {
                $kind = self::kind($properties[$propertyId]);
                foreach ($kind === '' ? [] : $values as $value) {
                    $wanted[$kind][$value] = $value;
                }
            }
        }
        foreach ($wanted as $kind => $values) {
            $this->texts[$kind] = $this->look($kind, array_map(strval(...), array_values($values)));
        }
    }

    /**
     * @param list<string> $stored
     * @return list<array{string, ?string}> text and the id of what it was chosen from; values that mean nothing are
     *     left out
     */
    public function values(Property $property, array $stored): array
    {
        $kind = self::kind($property);
        $values = [];
        foreach ($stored as $value) {
            $text = $kind === '' ? self::plain($property, $value) : ($this->texts[$kind][$value] ?? '');
            if ($text !== '') {
                $values[] = [$text, $kind === '' || $kind === 'F' ? null : $value];
            }
        }

        return $values;
    }

    /** By what a value is looked up; '' where it speaks for itself. */
    private static function kind(Property $property): string
    {
        if ($property->directoryTable !== '') {
            return "directory:$property->directoryTable";
        }

        return in_array($property->type, ['L', 'E', 'G', 'F'], true) ? $property->type : '';
    }

    private static function plain(Property $property, string $value): string
    {
        if ($property->userType !== 'HTML') {
            return Text::block($value);
        }
        $decoded = @unserialize($value, ['allowed_classes' => false]);

        return Text::block(is_array($decoded) ? (string)($decoded['TEXT'] ?? '') : $value);
    }

    /**
     * @param list<string> $values
     * @return array<string, string>
     */
    private function look(string $kind, array $values): array
    {
        $ids = Rows::list(array_map(intval(...), $values));

        return match ($kind) {
            'L' => $this->pairs("SELECT ID, VALUE AS NAME FROM b_iblock_property_enum WHERE ID IN ($ids)"),
            'E' => $this->pairs("SELECT ID, NAME FROM b_iblock_element WHERE ID IN ($ids)"),
            'G' => $this->pairs("SELECT ID, NAME FROM b_iblock_section WHERE ID IN ($ids)"),
            'F' => $this->files->urls(array_map(intval(...), $values)),
            default => $this->directory(substr($kind, strlen('directory:')), $values),
        };
    }

    /** @return array<string, string> */
    private function pairs(string $sql): array
    {
        $pairs = [];
        foreach ($this->rows->all($sql) as $row) {
            $pairs[(string)$row['ID']] = Text::line((string)$row['NAME']);
        }

        return $pairs;
    }

    /**
     * @param list<string> $values
     * @return array<string, string>
     */
    private function directory(string $table, array $values): array
    {
        $name = $this->rows->texts([$table]);
        $exists = $this->rows->all("SELECT TABLE_NAME FROM b_hlblock_entity WHERE TABLE_NAME IN ($name)");
        $ids = $this->rows->texts($values);

        return $exists === [] ? [] : $this->pairs(
            "SELECT UF_XML_ID AS ID, UF_NAME AS NAME FROM `$table` WHERE UF_XML_ID IN ($ids)"
        );
    }
}
