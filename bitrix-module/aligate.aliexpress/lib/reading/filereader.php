<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** Files as addresses that everybody can open. */
final class FileReader
{
    public function __construct(private readonly Rows $rows, private readonly Site $site)
    {
    }

    /**
     * @param list<int> $ids
     * @return array<int, string> file => its address; without those that are gone
     */
    public function urls(array $ids): array
    {
        $urls = [];
        foreach ($this->read($ids) as $id => $row) {
            $urls[$id] = $this->site->absolute((string)\CFile::GetFileSRC($row));
        }

        return array_filter($urls);
    }

    /**
     * @param list<int> $ids
     * @return array<int, string> picture => its address; without files that are no pictures
     */
    public function pictures(array $ids): array
    {
        $urls = [];
        foreach ($this->read($ids) as $id => $row) {
            if (str_starts_with((string)$row['CONTENT_TYPE'], 'image/')) {
                $urls[$id] = $this->site->absolute((string)\CFile::GetFileSRC($row));
            }
        }

        return array_filter($urls);
    }

    /**
     * @param list<int> $ids
     * @return array<int, array<string, string|null>>
     */
    private function read(array $ids): array
    {
        $ids = array_values(array_unique(array_filter($ids)));
        $sql = 'SELECT * FROM b_file WHERE ID IN (' . Rows::list($ids) . ')';
        $files = [];
        foreach ($ids === [] ? [] : $this->rows->all($sql) as $row) {
            $files[(int)$row['ID']] = $row;
        }

        return $files;
    }
}
