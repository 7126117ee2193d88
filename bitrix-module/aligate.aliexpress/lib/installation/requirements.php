<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Installation;

use Bitrix\Main\DB\Connection as Database;
use Bitrix\Main\ModuleManager;

/**
 * What a shop must have for the module to work. Each fault is a phrase of `lang/.../install/index.php` and its values.
 */
final class Requirements
{
    public const KERNEL_MIN = '23.0.0';

    private const MODULES = ['iblock', 'catalog', 'sale', 'currency'];
    private const EXTENSIONS = ['curl', 'json', 'zlib', 'mbstring'];

    /** @param \Closure(string): string $moduleVersion '' where a module is not installed */
    private function __construct(
        private readonly string $databaseType,
        private readonly \Closure $moduleVersion,
        private readonly \Closure $hasExtension,
    ) {
    }

    public static function ofShop(Database $database): self
    {
        $version = static fn (string $module): string
            => ModuleManager::isModuleInstalled($module) ? (string)(ModuleManager::getVersion($module) ?: '0') : '';

        return new self($database->getType(), $version, extension_loaded(...));
    }

    /**
     * @param array<string, string> $modules id => version
     * @param list<string> $extensions
     */
    public static function of(string $databaseType, array $modules, array $extensions): self
    {
        return new self(
            $databaseType,
            static fn (string $module): string => $modules[$module] ?? '',
            static fn (string $extension): bool => in_array($extension, $extensions, true),
        );
    }

    /** @return list<Fault> empty where the module can be installed */
    public function faults(): array
    {
        $faults = [];
        if (strtolower($this->databaseType) !== 'mysql') {
            $faults[] = new Fault('DATABASE', ['#TYPE#' => $this->databaseType]);
        }
        $kernel = ($this->moduleVersion)('main');
        if (version_compare($kernel, self::KERNEL_MIN) < 0) {
            $faults[] = new Fault('KERNEL', ['#VERSION#' => $kernel, '#MIN#' => self::KERNEL_MIN]);
        }
        foreach (self::MODULES as $module) {
            if (($this->moduleVersion)($module) === '') {
                $faults[] = new Fault('MODULE', ['#MODULE#' => $module]);
            }
        }
        foreach (self::EXTENSIONS as $extension) {
            if (!($this->hasExtension)($extension)) {
                $faults[] = new Fault('EXTENSION', ['#EXTENSION#' => $extension]);
            }
        }

        return $faults;
    }
}
