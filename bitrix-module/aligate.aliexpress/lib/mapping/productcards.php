<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

use Aligate\Aliexpress\Reading\Rows;

/** Where in the admin section products are edited. */
final class ProductCards
{
    public function __construct(private readonly Rows $rows)
    {
    }

    /**
     * @param list<string> $productIds as events name products; others are passed over
     * @return array<string, array{url: string, section: string}> product => its card and main section; those that are
     *     gone have none
     */
    public function of(array $productIds, string $language): array
    {
        $ids = array_map(intval(...), array_filter($productIds, ctype_digit(...)));
        $cards = [];
        $sql = 'SELECT E.ID, E.IBLOCK_ID, E.IBLOCK_SECTION_ID, B.IBLOCK_TYPE_ID FROM b_iblock_element E'
            . ' INNER JOIN b_iblock B ON B.ID = E.IBLOCK_ID WHERE E.ID IN (' . Rows::list($ids) . ')';
        foreach ($this->rows->all($sql) as $row) {
            $url = '/bitrix/admin/iblock_element_edit.php?' . http_build_query([
                'IBLOCK_ID' => (int)$row['IBLOCK_ID'],
                'type' => (string)$row['IBLOCK_TYPE_ID'],
                'ID' => (int)$row['ID'],
                'lang' => $language,
                'find_section_section' => (int)$row['IBLOCK_SECTION_ID'],
                'WF' => 'Y',
            ]);
            $cards[(string)$row['ID']] = ['url' => $url, 'section' => (string)(int)$row['IBLOCK_SECTION_ID']];
        }

        return $cards;
    }
}
