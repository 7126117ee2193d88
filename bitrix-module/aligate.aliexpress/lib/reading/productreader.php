<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

use Aligate\Aliexpress\Connection;

/** Everything that a product event says, for many products at once: each kind of fact in one query. */
final class ProductReader
{
    public function __construct(
        private readonly Rows $rows,
        private readonly PropertyReader $properties,
        private readonly FileReader $files,
        private readonly Site $site,
    ) {
    }

    /**
     * @param list<int> $productIds products that were read whole
     * @return array<int, Product>
     */
    public function read(Connection $connection, Catalogs $catalogs, Goods $goods, array $productIds): array
    {
        $sellable = array_merge([], ...array_map($goods->sellableOf(...), $productIds));
        $ids = array_values(array_unique([...$productIds, ...$sellable]));
        if ($ids === []) {
            return [];
        }
        $iblockIds = array_map(static fn (int $id): int => $goods->elements[$id]->iblockId, $ids);
        $iblockIds = array_values(array_unique($iblockIds));
        $links = array_map(static fn (OfferLink $link): int => $link->propertyId, $catalogs->links);
        $definitions = array_diff_key($this->properties->definitions($iblockIds), array_flip($links));
        $isPicture = static fn (Property $one): bool => $one->type === 'F'
            && array_filter($connection->pictureProperties, $one->isNamed(...)) !== [];
        $pictureProperties = array_filter($definitions, $isPicture);
        $pictureIds = self::pictureIds($goods, $ids, $this->properties->raw($pictureProperties, $ids));
        $assembly = new ProductAssembly(
            $connection,
            $goods,
            new DetailUrls($this->rows, $this->site, $iblockIds),
            $this->properties->values(array_diff_key($definitions, $pictureProperties), $ids),
            $pictureIds,
            $this->files->pictures(array_merge([], ...$pictureIds)),
            $this->packages($ids),
            $this->barcodes($ids),
        );
        $products = [];
        foreach ($productIds as $id) {
            $products[$id] = $assembly->product($id);
        }

        return $products;
    }

    /**
     * @param list<int> $ids
     * @param array<int, array<int, list<string>>> $ofProperties element => property => files
     * @return array<int, list<int>> element => its pictures: the detailed one, else the preview, then those of
     *     properties
     */
    private static function pictureIds(Goods $goods, array $ids, array $ofProperties): array
    {
        $pictures = [];
        foreach ($ids as $id) {
            $element = $goods->elements[$id];
            $main = $element->detailPicture > 0 ? $element->detailPicture : $element->previewPicture;
            $more = array_map(intval(...), array_merge([], ...array_values($ofProperties[$id] ?? [])));
            $pictures[$id] = array_values(array_unique(array_filter([$main, ...$more])));
        }

        return $pictures;
    }

    /**
     * @param list<int> $ids
     * @return array<int, Package>
     */
    private function packages(array $ids): array
    {
        $rows = $this->rows->all(
            'SELECT ID, WEIGHT, LENGTH, WIDTH, HEIGHT FROM b_catalog_product WHERE ID IN (' . Rows::list($ids) . ')'
        );
        $packages = [];
        foreach ($rows as $row) {
            $packages[(int)$row['ID']] = new Package(
                (float)$row['WEIGHT'],
                (float)$row['LENGTH'],
                (float)$row['WIDTH'],
                (float)$row['HEIGHT'],
            );
        }

        return $packages;
    }

    /**
     * @param list<int> $ids
     * @return array<int, string> the first barcode of each
     */
    private function barcodes(array $ids): array
    {
        $rows = $this->rows->all(
            'SELECT PRODUCT_ID, BARCODE FROM b_catalog_store_barcode WHERE PRODUCT_ID IN (' . Rows::list($ids)
            . ') ORDER BY ID DESC'
        );
        $barcodes = [];
        foreach ($rows as $row) {
            $barcodes[(int)$row['PRODUCT_ID']] = Text::line((string)$row['BARCODE']);
        }

        return $barcodes;
    }
}
