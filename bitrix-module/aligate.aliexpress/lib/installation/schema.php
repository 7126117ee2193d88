<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Installation;

use Bitrix\Main\DB\Connection as Database;

/** The module's tables. Every statement may be run twice. */
final class Schema
{
    /** @param string $folder with install.sql and uninstall.sql */
    public function __construct(private readonly Database $database, private readonly string $folder)
    {
    }

    /** @throws InstallationFailed */
    public function create(): void
    {
        $this->run('install.sql');
    }

    /** @throws InstallationFailed */
    public function drop(): void
    {
        $this->run('uninstall.sql');
    }

    /** @throws InstallationFailed where a statement fails; those before it stay, and may be run again */
    private function run(string $file): void
    {
        $batch = file_get_contents("{$this->folder}/$file");
        if ($batch === false) {
            throw new InstallationFailed("$file cannot be read");
        }
        $errors = $this->database->executeSqlBatch($batch, true);
        if ($errors !== []) {
            throw new InstallationFailed(implode(' ', array_map(strval(...), $errors)));
        }
    }
}
