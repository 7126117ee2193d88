<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** An element of an infoblock: a product or an offer. Texts and pictures are there where content was asked for. */
final class Element
{
    /**
     * @param bool $isActive by its flag and its dates, at the time of reading
     * @param int $sectionId its main section; 0: none
     * @param string $descriptionHtml the detailed text, else the preview
     */
    public function __construct(
        public readonly int $id,
        public readonly int $iblockId,
        public readonly string $name,
        public readonly bool $isActive,
        public readonly string $xmlId,
        public readonly string $code,
        public readonly int $sectionId,
        public readonly string $descriptionHtml = '',
        public readonly int $previewPicture = 0,
        public readonly int $detailPicture = 0,
    ) {
    }
}
