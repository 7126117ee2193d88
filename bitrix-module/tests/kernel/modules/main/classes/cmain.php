<?php

use Bitrix\Main\Application;

/** `$APPLICATION`: the last exception, rights to modules, the page. */
class CMain
{
    public $LAST_ERROR;
    public $sDocTitle = '';

    public function ThrowException($msg, $id = false)
    {
        $this->ResetException();
        $this->LAST_ERROR = is_object($msg) ? $msg : new CApplicationException($msg, $id);
    }

    public function GetException()
    {
        return $this->LAST_ERROR ?? false;
    }

    public function ResetException()
    {
        $this->LAST_ERROR = null;
    }

    public function SetTitle($title, $arOptions = null)
    {
        $this->sDocTitle = $title;
    }

    public function GetTitle($property_name = false, $strip_tags = false)
    {
        return $this->sDocTitle;
    }

    public function GetCurPage($get_index_page = null)
    {
        return (string)parse_url((string)($_SERVER['REQUEST_URI'] ?? '/'), PHP_URL_PATH);
    }

    public function GetCurPageParam($strParam = "", $arParamKill = [], $get_index_page = null)
    {
        parse_str((string)parse_url((string)($_SERVER['REQUEST_URI'] ?? ''), PHP_URL_QUERY), $query);
        $tail = implode('&', array_filter([$strParam, http_build_query(array_diff_key($query, array_flip($arParamKill)))]));
        return $this->GetCurPage() . ($tail === '' ? '' : "?$tail");
    }

    public function IncludeAdminFile($strTitle, $filepath)
    {
        global $APPLICATION, $USER, $DB;
        $this->SetTitle($strTitle);
        include $filepath;
    }

    public function AuthForm($mess, $show_prolog = true, $show_epilog = true, $not_show_links = "N", $do_die = true)
    {
        throw new \Aligate\Aliexpress\Tests\FakeKernel\HitEnded('the form of authorisation is shown', '');
    }

    public function RestartBuffer()
    {
        \Aligate\Aliexpress\Tests\FakeKernel\OldEvent::tell('main', 'OnBeforeRestartBuffer', []);
        while (ob_get_level() > ($GLOBALS['ALIGATE_FAKE_KERNEL_BUFFERS'] ?? 1)) {
            ob_end_clean();
        }
        ob_get_level() > 0 && ob_clean();
    }

    /** The highest letter among the user's groups; administrators have `W`. */
    public static function GetUserRight($moduleId, $groups = false, $use_default_level = 'Y', $max_right_for_super_admin = 'Y', $siteId = false)
    {
        global $USER;
        $groups = $groups === false ? (is_object($USER) ? $USER->GetUserGroupArray() : [2]) : (array)$groups;
        if ($max_right_for_super_admin !== 'N' && in_array(1, array_map('intval', $groups), true)) {
            return 'W';
        }
        $helper = Application::getConnection()->getSqlHelper();
        $right = Application::getConnection()->queryScalar(
            "SELECT MAX(G_ACCESS) FROM b_module_group WHERE MODULE_ID = '" . $helper->forSql($moduleId) . "' AND GROUP_ID IN ("
            . implode(', ', array_map('intval', $groups) ?: [0]) . ')'
        );
        return $right ?? ($use_default_level === 'Y' ? \Bitrix\Main\Config\Option::get($moduleId, 'GROUP_DEFAULT_RIGHT', 'D') : '');
    }

    public static function GetGroupRight($module_id, $arGroups = false, $use_default_level = "Y", $max_right_for_super_admin = "Y", $site_id = false)
    {
        return self::GetUserRight($module_id, $arGroups, $use_default_level, $max_right_for_super_admin, $site_id);
    }

    public static function SetGroupRight($module_id, $group_id, $right, $site_id = false)
    {
        self::DelGroupRight($module_id, [$group_id]);
        Application::getConnection()->add('b_module_group', ['MODULE_ID' => $module_id, 'GROUP_ID' => $group_id, 'G_ACCESS' => $right]);
    }

    public static function DelGroupRight($module_id = '', $arGroups = [], $site_id = false)
    {
        $where = "MODULE_ID = '" . Application::getConnection()->getSqlHelper()->forSql($module_id) . "'";
        if ($arGroups !== []) {
            $where .= ' AND GROUP_ID IN (' . implode(', ', array_map('intval', $arGroups)) . ')';
        }
        Application::getConnection()->queryExecute("DELETE FROM b_module_group WHERE $where");
    }

    public static function FinalActions($output = "")
    {
        echo $output;
        Application::getInstance()->terminate();
    }
}
