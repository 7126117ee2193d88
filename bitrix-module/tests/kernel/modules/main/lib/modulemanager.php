<?php

namespace Bitrix\Main;

/** Which modules are installed: the table `b_module`. */
class ModuleManager
{
    protected static $installedModules;

    public static function getInstalledModules()
    {
        if (self::$installedModules === null) {
            self::$installedModules = [];
            foreach (Application::getConnection()->query('SELECT ID FROM b_module ORDER BY ID')->fetchAll() as $row) {
                self::$installedModules[$row['ID']] = $row;
            }
        }
        return self::$installedModules;
    }

    public static function isModuleInstalled($moduleName)
    {
        return isset(self::getInstalledModules()[$moduleName]);
    }

    public static function getVersion($moduleName)
    {
        $moduleName = preg_replace('/[^a-zA-Z0-9_.]+/i', '', trim((string)$moduleName));
        if ($moduleName === 'main') {
            return defined('SM_VERSION') ? SM_VERSION : false;
        }
        $home = self::isModuleInstalled($moduleName) ? Loader::getLocal("modules/$moduleName") : false;
        if ($home === false || !is_file("$home/install/version.php")) {
            return false;
        }
        $arModuleVersion = [];
        include "$home/install/version.php";
        return $arModuleVersion['VERSION'] ?? false;
    }

    public static function add($moduleName)
    {
        Application::getConnection()->queryExecute(
            "INSERT IGNORE INTO b_module (ID) VALUES ('" . Application::getConnection()->getSqlHelper()->forSql($moduleName) . "')"
        );
        self::clearCache($moduleName);
    }

    public static function delete($moduleName)
    {
        Application::getConnection()->queryExecute(
            "DELETE FROM b_module WHERE ID = '" . Application::getConnection()->getSqlHelper()->forSql($moduleName) . "'"
        );
        self::clearCache($moduleName);
    }

    public static function registerModule($moduleName)
    {
        self::add($moduleName);
        (new Event('main', 'OnAfterRegisterModule', [$moduleName]))->send();
    }

    /** Takes the module's agents and rights along; options, handlers and tables are the module's own to remove. */
    public static function unRegisterModule($moduleName)
    {
        $connection = Application::getConnection();
        $name = $connection->getSqlHelper()->forSql($moduleName);
        $connection->queryExecute("DELETE FROM b_agent WHERE MODULE_ID = '$name'");
        \CMain::DelGroupRight($moduleName);
        self::delete($moduleName);
        (new Event('main', 'OnAfterUnRegisterModule', [$moduleName]))->send();
    }

    protected static function clearCache($moduleName)
    {
        self::$installedModules = null;
        Loader::clearModuleCache($moduleName);
        EventManager::getInstance()->clearLoadedHandlers();
    }
}
