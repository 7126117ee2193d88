<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

/**
 * Tells by the script that runs whether a hit belongs to an exchange with 1C; most of its hits send no event of their
 * own.
 */
final class Script
{
    /** Scripts of the kernel that load catalogues. */
    private const LOADERS = ['1c_exchange.php', 'iblock_xml_import.php', '1c_import.php'];

    /** Exchanges of the same script that load no catalogue. */
    private const OTHER_TYPES = ['sale', 'crm', 'get_catalog', 'listen'];

    /**
     * @param array<mixed> $server as PHP gives it
     * @param array<mixed> $query the parameters of the URL
     */
    public static function isExchange(array $server, array $query): bool
    {
        $script = basename((string)($server['SCRIPT_NAME'] ?? ''));

        return in_array($script, self::LOADERS, true)
            && !in_array((string)($query['type'] ?? ''), self::OTHER_TYPES, true);
    }
}
