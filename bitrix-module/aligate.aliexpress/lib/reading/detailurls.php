<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** Addresses of product pages, by the templates of their infoblocks. */
final class DetailUrls
{
    /** @var array<int, array<string, string|null>> infoblock => its row */
    private array $iblocks = [];

    /** @param list<int> $iblockIds */
    public function __construct(Rows $rows, private readonly Site $site, array $iblockIds)
    {
        $found = $rows->all(
            'SELECT ID, CODE, XML_ID, IBLOCK_TYPE_ID, DETAIL_PAGE_URL FROM b_iblock WHERE ID IN ('
            . Rows::list($iblockIds) . ')'
        );
        foreach ($found as $row) {
            $this->iblocks[(int)$row['ID']] = $row;
        }
    }

    /**
     * @param list<Section> $path from the topmost section to the product's
     * @return string '' where the infoblock has no template, or one with a placeholder that is not known here
     */
    public function of(Element $element, array $path): string
    {
        $iblock = $this->iblocks[$element->iblockId] ?? [];
        $codes = array_map(static fn (Section $one): string => rawurlencode($one->code), $path);
        $url = strtr((string)($iblock['DETAIL_PAGE_URL'] ?? ''), [
            '#SITE_DIR#' => $this->site->folder,
            '#LANG_DIR#' => $this->site->folder,
            '#SERVER_NAME#' => $this->site->host,
            '#ID#' => (string)$element->id,
            '#ELEMENT_ID#' => (string)$element->id,
            '#CODE#' => rawurlencode($element->code),
            '#ELEMENT_CODE#' => rawurlencode($element->code),
            '#EXTERNAL_ID#' => rawurlencode($element->xmlId),
            '#SECTION_ID#' => $path === [] ? '' : (string)end($path)->id,
            '#SECTION_CODE#' => $codes === [] ? '' : (string)end($codes),
            '#SECTION_CODE_PATH#' => implode('/', $codes),
            '#IBLOCK_ID#' => (string)$element->iblockId,
            '#IBLOCK_CODE#' => rawurlencode((string)($iblock['CODE'] ?? '')),
            '#IBLOCK_EXTERNAL_ID#' => rawurlencode((string)($iblock['XML_ID'] ?? '')),
            '#IBLOCK_TYPE_ID#' => rawurlencode((string)($iblock['IBLOCK_TYPE_ID'] ?? '')),
        ]);
        if ($url === '' || preg_match('/#[A-Z_]+#/', $url) === 1) {
            return '';
        }

        return $this->site->absolute(str_contains($url, '://') ? $url : (string)preg_replace('~/{2,}~', '/', $url));
    }
}
