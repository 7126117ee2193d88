<?php

use Bitrix\Main\Loader;
use Bitrix\Main\ModuleManager;

/** A module's installer, and the old way to include modules. */
class CModule
{
    public $MODULE_ID;
    public $MODULE_NAME;
    public $MODULE_DESCRIPTION;
    public $MODULE_VERSION;
    public $MODULE_VERSION_DATE;
    public $MODULE_SORT = 10000;
    public $MODULE_GROUP_RIGHTS = 'N';
    public $SHOW_SUPER_ADMIN_GROUP_RIGHTS;
    public $PARTNER_NAME;
    public $PARTNER_URI;

    public function DoInstall()
    {
        return false;
    }

    public function DoUninstall()
    {
        return false;
    }

    public function InstallDB()
    {
        return false;
    }

    public function UnInstallDB()
    {
    }

    public function InstallEvents()
    {
    }

    public function UnInstallEvents()
    {
    }

    public function InstallFiles()
    {
    }

    public function UnInstallFiles()
    {
    }

    public function InstallTasks()
    {
    }

    public function UnInstallTasks()
    {
    }

    public function GetModuleTasks()
    {
        return [];
    }

    public function IsInstalled()
    {
        return ModuleManager::isModuleInstalled($this->MODULE_ID);
    }

    public function Add()
    {
        ModuleManager::registerModule($this->MODULE_ID);
    }

    public function Remove()
    {
        ModuleManager::unRegisterModule($this->MODULE_ID);
    }

    public static function IncludeModule($module_name)
    {
        return Loader::includeModule($module_name);
    }

    public static function CreateModuleObject($moduleId)
    {
        $moduleId = trim((string)preg_replace('/[^a-zA-Z0-9_.]+/i', '', (string)$moduleId));
        $home = $moduleId === '' ? false : Loader::getLocal("modules/$moduleId");
        if ($home === false || !is_file("$home/install/index.php")) {
            return false;
        }
        include_once "$home/install/index.php";
        $class = str_replace('.', '_', $moduleId);
        return class_exists($class) ? new $class() : false;
    }
}
