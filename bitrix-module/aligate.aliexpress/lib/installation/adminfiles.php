<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Installation;

/** The module's files outside of its folder. */
final class AdminFiles
{
    /** @param string $root the site's document root */
    public function __construct(private readonly string $folder, private readonly string $root)
    {
    }

    public function copy(): void
    {
        CopyDirFiles("{$this->folder}/install/admin", "{$this->root}/bitrix/admin", true, true);
        CopyDirFiles("{$this->folder}/install/js", "{$this->root}/bitrix/js", true, true);
    }

    public function delete(): void
    {
        DeleteDirFiles("{$this->folder}/install/admin", "{$this->root}/bitrix/admin");
        DeleteDirFilesEx('/bitrix/js/aligate.aliexpress');
    }
}
