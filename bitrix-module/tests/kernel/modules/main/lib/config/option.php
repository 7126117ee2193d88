<?php

namespace Bitrix\Main\Config;

use Bitrix\Main\Application;
use Bitrix\Main\ArgumentNullException;
use Bitrix\Main\Event;
use Bitrix\Main\Loader;

/** Options of modules: the tables `b_option` and `b_option_site`, read once in a hit. */
class Option
{
    protected static $options = [];

    public static function get($moduleId, $name, $default = "", $siteId = false)
    {
        $value = static::getRealValue($moduleId, $name, $siteId);
        if ($value !== null) {
            return $value;
        }
        if ($default == "") {
            return static::getDefaults($moduleId)[$name] ?? $default;
        }
        return $default;
    }

    public static function getRealValue($moduleId, $name, $siteId = false)
    {
        self::require($moduleId, 'moduleId');
        self::require($name, 'name');
        static::load($moduleId);
        $site = $siteId === false || $siteId === null ? static::getDefaultSite() : (string)$siteId;
        return self::$options[$moduleId][$site][$name] ?? self::$options[$moduleId]['-'][$name] ?? null;
    }

    public static function getDefaults($moduleId)
    {
        $home = Loader::getLocal("modules/$moduleId");
        if ($home === false || !is_file("$home/default_option.php")) {
            return [];
        }
        include "$home/default_option.php";
        $name = str_replace('.', '_', $moduleId) . '_default_option';
        return is_array($$name ?? null) ? $$name : [];
    }

    public static function getForModule($moduleId, $siteId = false)
    {
        self::require($moduleId, 'moduleId');
        static::load($moduleId);
        $site = $siteId === false || $siteId === null ? static::getDefaultSite() : (string)$siteId;
        return (self::$options[$moduleId][$site] ?? []) + (self::$options[$moduleId]['-'] ?? []) + static::getDefaults($moduleId);
    }

    protected static function load($moduleId)
    {
        if (isset(self::$options[$moduleId])) {
            return;
        }
        self::$options[$moduleId] = ['-' => []];
        $connection = Application::getConnection();
        $module = $connection->getSqlHelper()->forSql($moduleId);
        foreach ($connection->query("SELECT NAME, VALUE FROM b_option WHERE MODULE_ID = '$module'")->fetchAll() as $row) {
            self::$options[$moduleId]['-'][$row['NAME']] = $row['VALUE'];
        }
        $sql = "SELECT SITE_ID, NAME, VALUE FROM b_option_site WHERE MODULE_ID = '$module'";
        foreach ($connection->query($sql)->fetchAll() as $row) {
            self::$options[$moduleId][$row['SITE_ID']][$row['NAME']] = $row['VALUE'];
        }
    }

    public static function set($moduleId, $name, $value = "", $siteId = "")
    {
        self::require($moduleId, 'moduleId');
        self::require($name, 'name');
        if (mb_strlen($name) > 100) {
            trigger_error("Option name $name will be truncated on saving.", E_USER_WARNING);
        }
        $connection = Application::getConnection();
        $key = ['MODULE_ID' => $moduleId, 'NAME' => $name] + ($siteId != '' ? ['SITE_ID' => $siteId] : []);
        $merge = $connection->getSqlHelper()->prepareMerge(
            $siteId != '' ? 'b_option_site' : 'b_option',
            array_keys($key),
            $key + ['VALUE' => $value],
            ['VALUE' => $value]
        );
        $connection->queryExecute($merge[0]);
        static::clearCache($moduleId);
        $parameters = ['moduleId' => $moduleId, 'name' => $name, 'value' => $value, 'siteId' => $siteId];
        (new Event('main', "OnAfterSetOption_$name", ['value' => $value]))->send();
        (new Event('main', 'OnAfterSetOption', $parameters))->send();
    }

    public static function delete($moduleId, array $filter = [])
    {
        self::require($moduleId, 'moduleId');
        $helper = Application::getConnection()->getSqlHelper();
        $where = "MODULE_ID = '" . $helper->forSql($moduleId) . "'";
        if (($filter['name'] ?? '') !== '') {
            $where .= " AND NAME = '" . $helper->forSql($filter['name']) . "'";
        }
        $site = $filter['site_id'] ?? '';
        if ($site === '') {
            Application::getConnection()->queryExecute("DELETE FROM b_option WHERE $where");
        } else {
            $where .= " AND SITE_ID = '" . $helper->forSql($site) . "'";
        }
        Application::getConnection()->queryExecute("DELETE FROM b_option_site WHERE $where");
        static::clearCache($moduleId);
    }

    protected static function clearCache($moduleId)
    {
        unset(self::$options[$moduleId]);
    }

    protected static function getDefaultSite()
    {
        return defined('SITE_ID') ? SITE_ID : 's1';
    }

    private static function require(mixed $value, string $what): void
    {
        if ($value === null || $value === '') {
            throw new ArgumentNullException($what);
        }
    }
}
