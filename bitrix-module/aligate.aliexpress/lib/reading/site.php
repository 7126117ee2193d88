<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** The site whose addresses products and pictures get. */
final class Site
{
    /**
     * @param string $id LID
     * @param string $folder where the site lies on its host, `/` at both ends
     * @param string $host without a protocol; '' where the shop does not say it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $folder,
        public readonly string $host,
    ) {
    }

    /** @param string $id ''  for the default site */
    public static function read(Rows $rows, string $id): self
    {
        $which = $id === '' ? "DEF = 'Y'" : 'LID IN (' . $rows->texts([$id]) . ')';
        $found = $rows->all("SELECT LID, DIR, SERVER_NAME FROM b_lang WHERE $which ORDER BY SORT LIMIT 1")[0] ?? [];
        $host = trim((string)($found['SERVER_NAME'] ?? ''));
        if ($host === '') {
            $named = $rows->all("SELECT VALUE FROM b_option WHERE MODULE_ID = 'main' AND NAME = 'server_name'");
            $host = trim((string)($named[0]['VALUE'] ?? ''));
        }

        return new self((string)($found['LID'] ?? $id), (string)($found['DIR'] ?? '/'), rtrim($host, '/'));
    }

    /** The address of a path of this site; one that is complete stays; '' where the shop does not say its host. */
    public function absolute(string $path): string
    {
        if (preg_match('~\A(https?:)?//~i', $path) === 1) {
            return self::encoded(str_starts_with($path, '//') ? "https:$path" : $path);
        }
        if ($path === '' || $this->host === '') {
            return '';
        }
        $root = preg_match('~\Ahttps?://~i', $this->host) === 1 ? $this->host : "https://{$this->host}";

        return self::encoded($root . '/' . ltrim($path, '/'));
    }

    /**
     * What an address cannot hold, spaces and letters beyond ASCII, is written in percents; what is so already stays.
     */
    private static function encoded(string $url): string
    {
        return (string)preg_replace_callback(
            '~[^A-Za-z0-9\-._\~:/?#\[\]@!$&\'()*+,;=%]+~',
            static fn (array $found): string => rawurlencode($found[0]),
            $url,
        );
    }
}
