<?php

use Aligate\Aliexpress\Installation\Installer;
use Aligate\Aliexpress\Installation\Requirements;
use Bitrix\Main\Application;
use Bitrix\Main\Loader;
use Bitrix\Main\Localization\Loc;
use Bitrix\Main\ModuleManager;

/**
 * The installer. Up to the check of PHP's version it is written for every PHP, so that an old one gets a sentence
 * instead of a syntax error; the work is done by `lib/installation`.
 */
class aligate_aliexpress extends CModule
{
    /** @var string the oldest PHP that the module runs on */
    const PHP_MIN = '8.1.0';

    public $MODULE_ID = 'aligate.aliexpress';
    public $MODULE_VERSION;
    public $MODULE_VERSION_DATE;
    public $MODULE_NAME;
    public $MODULE_DESCRIPTION;
    public $MODULE_GROUP_RIGHTS = 'Y';
    public $PARTNER_NAME;
    public $PARTNER_URI;

    public function __construct()
    {
        Loc::loadMessages(__FILE__);
        $arModuleVersion = array();
        include __DIR__ . '/version.php';
        $this->MODULE_VERSION = $arModuleVersion['VERSION'];
        $this->MODULE_VERSION_DATE = $arModuleVersion['VERSION_DATE'];
        $this->MODULE_NAME = Loc::getMessage('ALIGATE_ALIEXPRESS_MODULE_NAME');
        $this->MODULE_DESCRIPTION = Loc::getMessage('ALIGATE_ALIEXPRESS_MODULE_DESCRIPTION');
        $this->PARTNER_NAME = 'aligate';
        $this->PARTNER_URI = 'https://aligate.example';
    }

    /** Installs, or brings an installation to this version. False, with the reason, where the shop lacks something. */
    public function DoInstall()
    {
        global $APPLICATION;
        $faults = $this->faults();
        if ($faults !== array()) {
            $APPLICATION->ThrowException(implode(' ', $faults));

            return false;
        }
        $isNew = !ModuleManager::isModuleInstalled($this->MODULE_ID);
        try {
            // Handlers of a module that is not registered are not called, and its classes not found.
            if ($isNew) {
                ModuleManager::registerModule($this->MODULE_ID);
            }
            $this->InstallDB();
            $this->InstallEvents();
            $this->InstallFiles();
        } catch (\Throwable $error) {
            if ($isNew) {
                ModuleManager::unRegisterModule($this->MODULE_ID);
            }
            $APPLICATION->ThrowException(
                Loc::getMessage('ALIGATE_ALIEXPRESS_FAULT_FAILED', array('#REASON#' => $error->getMessage()))
            );

            return false;
        }
        $this->show('ALIGATE_ALIEXPRESS_INSTALL_TITLE', 'step1.php');

        return true;
    }

    /** Asks whether the data stay, where a person can be asked; without an answer they do. */
    public function DoUninstall()
    {
        global $APPLICATION;
        $request = Application::getInstance()->getContext()->getRequest();
        $isAnswered = (int)$request->get('step') >= 2;
        if (!$isAnswered) {
            $this->show('ALIGATE_ALIEXPRESS_UNINSTALL_TITLE', 'unstep1.php');
        }
        try {
            $this->UnInstallEvents();
            $this->UnInstallFiles();
            $this->UnInstallDB(array('savedata' => !$isAnswered || $request->get('savedata') === 'Y' ? 'Y' : 'N'));
            ModuleManager::unRegisterModule($this->MODULE_ID);
        } catch (\Throwable $error) {
            $APPLICATION->ThrowException(
                Loc::getMessage('ALIGATE_ALIEXPRESS_FAULT_FAILED', array('#REASON#' => $error->getMessage()))
            );

            return false;
        }

        return true;
    }

    public function InstallDB()
    {
        $this->installer()->installDatabase();

        return true;
    }

    /** @param array $arParams `savedata` => 'Y' keeps tables and settings */
    public function UnInstallDB($arParams = array())
    {
        $keepsData = is_array($arParams) && isset($arParams['savedata']) && $arParams['savedata'] === 'Y';
        $this->installer()->uninstallDatabase($keepsData);

        return true;
    }

    public function InstallEvents()
    {
        $this->installer()->installEvents();
        $this->installer()->installAgents();

        return true;
    }

    public function UnInstallEvents()
    {
        $this->installer()->uninstallEvents();
        $this->installer()->uninstallAgents();

        return true;
    }

    public function InstallFiles()
    {
        $this->installer()->installFiles();

        return true;
    }

    public function UnInstallFiles()
    {
        $this->installer()->uninstallFiles();

        return true;
    }

    /** D: nothing, R: sees status and log, W: changes settings and starts work. */
    public function GetModuleRightList()
    {
        $letters = array('D', 'R', 'W');
        $names = array();
        foreach ($letters as $letter) {
            $names[] = "[$letter] " . Loc::getMessage("ALIGATE_ALIEXPRESS_RIGHT_$letter");
        }

        return array('reference_id' => $letters, 'reference' => $names);
    }

    /** @return string[] why the module cannot be installed here, each a sentence */
    private function faults()
    {
        if (version_compare(PHP_VERSION, self::PHP_MIN) < 0) {
            $values = array('#VERSION#' => PHP_VERSION, '#MIN#' => self::PHP_MIN);

            return array(Loc::getMessage('ALIGATE_ALIEXPRESS_FAULT_PHP', $values));
        }
        $this->load();
        $faults = array();
        foreach (Requirements::ofShop(Application::getConnection())->faults() as $fault) {
            $faults[] = Loc::getMessage("ALIGATE_ALIEXPRESS_FAULT_$fault->code", $fault->values);
        }

        return $faults;
    }

    private function installer()
    {
        $this->load();

        return Installer::ofShop(dirname(__DIR__));
    }

    /** The module's classes are needed before it is registered, and after. */
    private function load()
    {
        Loader::registerNamespace('Aligate\\Aliexpress', dirname(__DIR__) . '/lib');
    }

    /** Shows a page of the installer and ends the hit; where nobody sees pages, as under cron, does nothing. */
    private function show($title, $page)
    {
        global $APPLICATION;
        if (defined('ADMIN_SECTION') && ADMIN_SECTION === true && PHP_SAPI !== 'cli') {
            $APPLICATION->IncludeAdminFile(Loc::getMessage($title), __DIR__ . "/$page");
        }
    }
}
