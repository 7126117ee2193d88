<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** Elements by id. Drafts of the workflow are no elements. */
final class ElementReader
{
    private const COLUMNS = 'ID, IBLOCK_ID, NAME, XML_ID, CODE, IBLOCK_SECTION_ID,'
        . " (ACTIVE = 'Y' AND (ACTIVE_FROM IS NULL OR ACTIVE_FROM <= NOW())"
        . ' AND (ACTIVE_TO IS NULL OR ACTIVE_TO >= NOW())) AS IS_ACTIVE';

    private const CONTENT = ', DETAIL_TEXT, DETAIL_TEXT_TYPE, PREVIEW_TEXT, PREVIEW_TEXT_TYPE,'
        . ' PREVIEW_PICTURE, DETAIL_PICTURE';

    public function __construct(private readonly Rows $rows)
    {
    }

    /**
     * @param list<int> $ids
     * @param list<int> $iblockIds those of other infoblocks are left out
     * @return array<int, Element>
     */
    public function read(array $ids, array $iblockIds, bool $withContent): array
    {
        if ($ids === [] || $iblockIds === []) {
            return [];
        }
        $columns = self::COLUMNS . ($withContent ? self::CONTENT : '');
        $rows = $this->rows->all(
            "SELECT $columns FROM b_iblock_element WHERE ID IN (" . Rows::list($ids) . ')'
            . ' AND IBLOCK_ID IN (' . Rows::list($iblockIds) . ')'
            . ' AND (WF_PARENT_ELEMENT_ID IS NULL OR WF_PARENT_ELEMENT_ID = 0)'
        );
        $elements = [];
        foreach ($rows as $row) {
            $elements[(int)$row['ID']] = self::element($row);
        }

        return $elements;
    }

    /** @param array<string, string|null> $row */
    private static function element(array $row): Element
    {
        return new Element(
            (int)$row['ID'],
            (int)$row['IBLOCK_ID'],
            Text::line((string)$row['NAME']),
            $row['IS_ACTIVE'] === '1',
            (string)$row['XML_ID'],
            (string)$row['CODE'],
            (int)$row['IBLOCK_SECTION_ID'],
            self::description($row),
            (int)($row['PREVIEW_PICTURE'] ?? 0),
            (int)($row['DETAIL_PICTURE'] ?? 0),
        );
    }

    /** @param array<string, string|null> $row */
    private static function description(array $row): string
    {
        $which = trim((string)($row['DETAIL_TEXT'] ?? '')) !== '' ? 'DETAIL_TEXT' : 'PREVIEW_TEXT';
        $text = Text::block((string)($row[$which] ?? ''));
        $isHtml = strtolower((string)($row["{$which}_TYPE"] ?? '')) === 'html';

        return $isHtml || $text === '' ? $text : Text::html($text);
    }
}
