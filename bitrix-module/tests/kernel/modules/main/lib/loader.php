<?php

namespace Bitrix\Main;

/** Includes modules and finds their classes by the rules of main 25: lower case first, then as written. */
class Loader
{
    public const MODULE_NOT_FOUND = 0;
    public const MODULE_INSTALLED = 1;
    public const MODULE_DEMO = 2;
    public const MODULE_DEMO_EXPIRED = 3;
    public const BITRIX_HOLDER = 'bitrix';
    public const LOCAL_HOLDER = 'local';

    protected static $loadedModules = ['main' => true];
    protected static $namespaces = [];
    protected static $autoLoadClasses = [];

    public static function includeModule($moduleName)
    {
        if (!is_string($moduleName) || preg_match('#[^a-zA-Z0-9._]#', $moduleName) === 1) {
            throw new LoaderException(sprintf("Module name '%s' is not correct", print_r($moduleName, true)));
        }
        $moduleName = strtolower($moduleName);
        if (isset(self::$loadedModules[$moduleName])) {
            return self::$loadedModules[$moduleName];
        }
        if (!ModuleManager::isModuleInstalled($moduleName)) {
            return self::$loadedModules[$moduleName] = false;
        }
        $home = self::getLocal("modules/$moduleName");
        if ($home === false) {
            return self::$loadedModules[$moduleName] = false;
        }
        self::registerNamespace(self::namespaceOf($moduleName), "$home/lib");
        self::$loadedModules[$moduleName] = true;
        DI\ServiceLocator::getInstance()->registerByModuleSettings($moduleName);
        if (is_file("$home/include.php") && self::includeFile("$home/include.php") === false) {
            self::$loadedModules[$moduleName] = false;
        }
        return self::$loadedModules[$moduleName];
    }

    private static function includeFile(string $file): mixed
    {
        global $DB, $APPLICATION, $USER;
        return include $file;
    }

    private static function namespaceOf(string $moduleName): string
    {
        return str_contains($moduleName, '.')
            ? str_replace('.', '\\', ucwords($moduleName, '.'))
            : 'Bitrix\\' . ucfirst($moduleName);
    }

    public static function includeSharewareModule($moduleName)
    {
        return self::includeModule($moduleName) ? self::MODULE_INSTALLED : self::MODULE_NOT_FOUND;
    }

    public static function requireModule($moduleName)
    {
        return self::includeModule($moduleName) ?: throw new LoaderException("Required module `$moduleName` was not found");
    }

    public static function clearModuleCache($moduleName)
    {
        unset(self::$loadedModules[strtolower((string)$moduleName)]);
    }

    public static function registerAutoLoadClasses($moduleName, array $classes)
    {
        foreach ($classes as $class => $file) {
            $home = $moduleName ? self::getLocal("modules/$moduleName") : self::getDocumentRoot();
            self::$autoLoadClasses[strtolower(ltrim($class, '\\'))] = "$home/" . ltrim($file, '/');
        }
    }

    public static function registerNamespace($namespace, $path)
    {
        self::$namespaces[strtolower(trim($namespace, '\\'))] = rtrim($path, '/');
    }

    public static function unregisterNamespace($namespace)
    {
        unset(self::$namespaces[strtolower(trim($namespace, '\\'))]);
    }

    public static function autoLoad($className)
    {
        $className = ltrim($className, '\\');
        $lower = strtolower($className);
        if (isset(self::$autoLoadClasses[$lower])) {
            require_once self::$autoLoadClasses[$lower];
            return;
        }
        foreach (self::$namespaces as $namespace => $path) {
            if (!str_starts_with($lower, "$namespace\\")) {
                continue;
            }
            $tail = str_replace('\\', '/', substr($className, strlen($namespace) + 1));
            $tails = [strtolower($tail), $tail];
            if (str_ends_with($lower, 'table')) {
                $tails[] = substr(strtolower($tail), 0, -5);
            }
            foreach ($tails as $one) {
                if (is_file("$path/$one.php")) {
                    require_once "$path/$one.php";
                    return;
                }
            }
        }
    }

    public static function getLocal($path, $root = null)
    {
        $root ??= self::getDocumentRoot();
        foreach ([self::LOCAL_HOLDER, self::BITRIX_HOLDER] as $holder) {
            if (file_exists("$root/$holder/$path")) {
                return "$root/$holder/$path";
            }
        }
        return false;
    }

    public static function getDocumentRoot()
    {
        return rtrim((string)$_SERVER['DOCUMENT_ROOT'], '/');
    }
}
