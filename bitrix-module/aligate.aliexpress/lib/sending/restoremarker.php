<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

/**
 * Files beside the database that hold the greatest version that was issued: a database restored from a backup is
 * behind them.
 *
 * Several folders, since a backup may take some of them along. A folder that cannot be written is passed over.
 */
final class RestoreMarker
{
    private const BYTES_MAX = 1000;

    /** @param list<string> $folders */
    public function __construct(private readonly array $folders)
    {
    }

    /** The greatest version that was written for this installation; 0: none. */
    public function read(int $connectionId, string $installation): int
    {
        $newest = 0;
        foreach ($this->folders as $folder) {
            $text = @file_get_contents($this->file($folder, $connectionId), false, null, 0, self::BYTES_MAX);
            $saved = $text === false ? null : json_decode($text, true, 4);
            $isOurs = is_array($saved) && ($saved['installation'] ?? '') === $installation;
            if ($isOurs && is_int($saved['version'] ?? null)) {
                $newest = max($newest, $saved['version']);
            }
        }

        return $newest;
    }

    public function write(int $connectionId, string $installation, int $version): void
    {
        $text = json_encode(['installation' => $installation, 'version' => $version], JSON_THROW_ON_ERROR);
        foreach ($this->folders as $folder) {
            if (!is_dir($folder) && !@mkdir($folder, 0755, true) && !is_dir($folder)) {
                continue;
            }
            $file = $this->file($folder, $connectionId);
            $draft = $file . '.' . bin2hex(random_bytes(4));
            if (@file_put_contents($draft, $text) !== strlen($text) || !@rename($draft, $file)) {
                @unlink($draft);
            }
        }
    }

    /** Takes the files of every connection away: the module is removed. */
    public function delete(): void
    {
        foreach ($this->folders as $folder) {
            array_map(static fn (string $file): bool => @unlink($file), glob("$folder/connection-*.json*") ?: []);
            @rmdir($folder);
        }
    }

    private function file(string $folder, int $connectionId): string
    {
        return "$folder/connection-$connectionId.json";
    }
}
