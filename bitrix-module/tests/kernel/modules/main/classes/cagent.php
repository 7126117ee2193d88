<?php

use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;
use Bitrix\Main\Loader;

/** Calls that wait for their time in `b_agent`; they run one after another, without a user. */
class CAgent
{
    private const LOCK_SECONDS = 600;

    public static function AddAgent($name, $module = "", $period = "N", $interval = 86400, $datecheck = "", $active = "Y", $next_exec = "", $sort = 100, $user_id = false, $existError = true)
    {
        global $APPLICATION;
        $found = self::GetList([], ['=NAME' => $name, '=MODULE_ID' => $module])->Fetch();
        if ($found !== false) {
            if (!$existError) {
                return (int)$found['ID'];
            }
            $APPLICATION->ThrowException("The agent $name is there already", 'exist');
            return false;
        }
        return self::Add(['MODULE_ID' => $module, 'SORT' => $sort, 'NAME' => $name, 'ACTIVE' => $active, 'AGENT_INTERVAL' => $interval,
            'IS_PERIOD' => $period, 'USER_ID' => $user_id, 'NEXT_EXEC' => $next_exec]);
    }

    public static function Add($arFields)
    {
        $fields = ['NEXT_EXEC' => self::moment($arFields['NEXT_EXEC'] ?? ''), 'USER_ID' => ($arFields['USER_ID'] ?? false) ?: null]
            + $arFields + ['SORT' => 100, 'ACTIVE' => 'Y', 'AGENT_INTERVAL' => 86400, 'IS_PERIOD' => 'Y'];
        $id = (int)Application::getConnection()->add('b_agent', $fields);
        foreach (GetModuleEvents('main', 'OnAfterAgentAdd', true) as $handler) {
            ExecuteModuleEventEx($handler, [$fields]);
        }
        return $id;
    }

    private static function moment(mixed $text): \Bitrix\Main\Type\DateTime
    {
        return $text instanceof \Bitrix\Main\Type\DateTime ? $text : new \Bitrix\Main\Type\DateTime($text === '' ? null : $text);
    }

    public static function Update($ID, $arFields)
    {
        if (isset($arFields['NEXT_EXEC'])) {
            $arFields['NEXT_EXEC'] = self::moment($arFields['NEXT_EXEC']);
        }
        [$set] = Application::getConnection()->getSqlHelper()->prepareUpdate('b_agent', $arFields);
        Application::getConnection()->queryExecute("UPDATE b_agent SET $set WHERE ID = " . (int)$ID);
        return true;
    }

    public static function Delete($id)
    {
        Application::getConnection()->queryExecute('DELETE FROM b_agent WHERE ID = ' . (int)$id);
        return true;
    }

    public static function RemoveAgent($name, $module = "", $user_id = false)
    {
        $helper = Application::getConnection()->getSqlHelper();
        $ofModule = $module === '' || $module === 'main' ? "(MODULE_ID IS NULL OR MODULE_ID IN ('', 'main'))" : "MODULE_ID = '" . $helper->forSql($module) . "'";
        Application::getConnection()->queryExecute("DELETE FROM b_agent WHERE NAME = '" . $helper->forSql($name) . "' AND $ofModule");
    }

    public static function RemoveModuleAgents($module)
    {
        if ($module !== '') {
            Application::getConnection()->queryExecute("DELETE FROM b_agent WHERE MODULE_ID = '" . Application::getConnection()->getSqlHelper()->forSql($module) . "'");
        }
    }

    public static function GetById($ID)
    {
        return self::GetList([], ['ID' => (int)$ID]);
    }

    /** `NAME` is a pattern with `%`, `=NAME` is the name itself. */
    public static function GetList($arOrder = array("ID" => "DESC"), $arFilter = array())
    {
        $helper = Application::getConnection()->getSqlHelper();
        $where = ['1 = 1'];
        foreach ($arFilter as $key => $value) {
            $name = ltrim($key, '=');
            $sign = $key === 'NAME' ? 'LIKE' : '=';
            $where[] = $helper->quote($name) . " $sign '" . $helper->forSql($value) . "'";
        }
        return new CDBResult(Application::getConnection()->query('SELECT * FROM b_agent WHERE ' . implode(' AND ', $where) . ' ORDER BY ID'));
    }

    public static function CheckAgents()
    {
        return defined('NO_AGENT_CHECK') && NO_AGENT_CHECK === true ? null : self::ExecuteAgents();
    }

    public static function ExecuteAgents()
    {
        $connection = Application::getConnection();
        $sql = "SELECT * FROM b_agent WHERE ACTIVE = 'Y' AND NEXT_EXEC <= now() AND (DATE_CHECK IS NULL OR DATE_CHECK <= now())";
        $isCron = self::OnCron();
        if ($isCron !== null) {
            $sql .= " AND IS_PERIOD = '" . ($isCron ? 'N' : 'Y') . "'";
        }
        $agents = (new CDBResult($connection->query("$sql ORDER BY RUNNING ASC, SORT DESC, ID")))->arResult;
        if ($agents === []) {
            return '';
        }
        $ids = implode(', ', array_map('intval', array_column($agents, 'ID')));
        $connection->queryExecute('UPDATE b_agent SET DATE_CHECK = DATE_ADD(now(), INTERVAL ' . self::LOCK_SECONDS . " SECOND) WHERE ID IN ($ids)");
        foreach ($agents as $agent) {
            if (in_array($agent['MODULE_ID'] ?? '', ['', 'main'], true) || Loader::includeModule($agent['MODULE_ID'])) {
                self::run($agent);
            }
        }
        return '';
    }

    /** Null: no split between hits and cron; else whether this is cron. */
    protected static function OnCron()
    {
        if (Option::get('main', 'agents_use_crontab', 'N') === 'Y' || (defined('BX_CRONTAB_SUPPORT') && BX_CRONTAB_SUPPORT === true)) {
            return defined('BX_CRONTAB') && BX_CRONTAB === true;
        }
        return null;
    }

    private static function run(array $agent): void
    {
        global $USER, $pPERIOD;
        $connection = Application::getConnection();
        $id = (int)$agent['ID'];
        $connection->queryExecute("UPDATE b_agent SET RUNNING = 'Y', RETRY_COUNT = RETRY_COUNT + 1 WHERE ID = $id");
        $user = $USER;
        $USER = null;
        $pPERIOD = $agent['AGENT_INTERVAL'];
        CTimeZone::Disable();
        try {
            $next = eval('return ' . rtrim($agent['NAME'], "; \t\n") . ';');
        } catch (\Throwable $error) {
            Application::getInstance()->getExceptionHandler()->writeToLog($error);
            return;
        } finally {
            CTimeZone::Enable();
            $USER = $user;
        }
        if ((string)$next === '') {
            self::Delete($id);
            return;
        }
        $name = $connection->getSqlHelper()->forSql($next);
        $from = $agent['IS_PERIOD'] === 'Y' ? 'NEXT_EXEC' : 'now()';
        $connection->queryExecute("UPDATE b_agent SET NAME = '$name', LAST_EXEC = now(), NEXT_EXEC = DATE_ADD($from, INTERVAL " . (int)$pPERIOD
            . " SECOND), DATE_CHECK = NULL, RUNNING = 'N', RETRY_COUNT = 0 WHERE ID = $id");
    }
}
