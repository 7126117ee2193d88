<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

use Bitrix\Main\DB\Connection as Database;

/**
 * What a scope was like when its entities were last marked: while the digest stays the same, a write changed nothing.
 *
 * It also finds what sends no event at all: list values, and values of directories written past their classes.
 */
final class ScopeDigest
{
    /** Directories of one infoblock that are looked at. */
    private const DIRECTORIES_MAX = 50;

    public function __construct(private readonly Database $database)
    {
    }

    /** Null where a scope of this kind is expanded whatever it was like. */
    public function of(Kind $kind, int $entityId): ?string
    {
        return match (true) {
            $kind === Kind::Section => $this->rows(
                'SELECT NAME, ACTIVE, GLOBAL_ACTIVE, IBLOCK_SECTION_ID, CODE, XML_ID FROM b_iblock_section'
                . " WHERE ID = $entityId"
            ),
            $kind === Kind::Definition => $this->definition($entityId),
            $kind === Kind::PriceType && $entityId > 0 => $this->rows(
                "SELECT ID, BASE FROM b_catalog_group WHERE ID = $entityId"
            ),
            $kind === Kind::Warehouse && $entityId > 0 => $this->rows(
                "SELECT ID, ACTIVE FROM b_catalog_store WHERE ID = $entityId"
            ),
            default => null,
        };
    }

    private function definition(int $iblockId): string
    {
        $parts = [
            $this->rows("SELECT ID, ACTIVE, CODE, VERSION FROM b_iblock WHERE ID = $iblockId"),
            $this->rows(
                'SELECT ID, NAME, ACTIVE, CODE, XML_ID, PROPERTY_TYPE, MULTIPLE, USER_TYPE, LINK_IBLOCK_ID'
                . " FROM b_iblock_property WHERE IBLOCK_ID = $iblockId ORDER BY ID"
            ),
            $this->rows(
                'SELECT E.ID, E.PROPERTY_ID, E.VALUE, E.XML_ID FROM b_iblock_property_enum E'
                . " INNER JOIN b_iblock_property P ON P.ID = E.PROPERTY_ID WHERE P.IBLOCK_ID = $iblockId ORDER BY E.ID"
            ),
        ];
        foreach ($this->directories($iblockId) as $table) {
            $parts[] = $this->directory($table);
        }

        return md5(implode('|', $parts));
    }

    /** @return list<string> tables of the directories that properties of the infoblock take their values from */
    private function directories(int $iblockId): array
    {
        $rows = $this->database->query(
            "SELECT USER_TYPE_SETTINGS FROM b_iblock_property WHERE IBLOCK_ID = $iblockId AND USER_TYPE = 'directory'"
            . ' ORDER BY ID LIMIT ' . self::DIRECTORIES_MAX
        );
        $tables = [];
        while ($row = $rows->fetch()) {
            $saved = @unserialize((string)$row['USER_TYPE_SETTINGS'], ['allowed_classes' => false]);
            $table = is_array($saved) && is_string($saved['TABLE_NAME'] ?? null) ? $saved['TABLE_NAME'] : '';
            if (preg_match('/\A[A-Za-z0-9_]{1,64}\z/', $table) === 1 && $this->database->isTableExists($table)) {
                $tables[$table] = $table;
            }
        }

        return array_values($tables);
    }

    private function directory(string $table): string
    {
        $columns = array_keys($this->database->getTableFields($table));
        $read = array_values(array_intersect(['ID', 'UF_NAME', 'UF_XML_ID', 'UF_FULL_DESCRIPTION'], $columns));

        return $read === [] ? '' : $this->rows('SELECT ' . implode(', ', $read) . " FROM $table ORDER BY " . $read[0]);
    }

    /** A digest over all rows, which are read one by one. */
    private function rows(string $sql): string
    {
        $hash = hash_init('md5');
        $rows = $this->database->query($sql);
        while ($row = $rows->fetch()) {
            $texts = array_map(static fn (mixed $value): string => (string)$value, array_values($row));
            hash_update($hash, json_encode($texts, JSON_PARTIAL_OUTPUT_ON_ERROR) . "\n");
        }

        return hash_final($hash);
    }
}
