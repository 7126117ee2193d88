<?php

use Bitrix\Main\Application;

/** Users of `b_user`; the object `$USER` is the one of the hit. */
class CUser extends CDBResult
{
    public $LAST_ERROR = '';
    private static $authorized = 0;

    public function __construct()
    {
        parent::__construct();
    }

    public function GetID()
    {
        return self::$authorized > 0 ? (string)self::$authorized : null;
    }

    public function IsAuthorized()
    {
        return self::$authorized > 0;
    }

    public function IsAdmin()
    {
        return in_array(1, $this->GetUserGroupArray(), true);
    }

    public function GetUserGroupArray()
    {
        return self::$authorized > 0 ? array_map('intval', self::GetUserGroup(self::$authorized)) : [2];
    }

    public static function GetUserGroup($ID)
    {
        $rows = Application::getConnection()->query('SELECT GROUP_ID FROM b_user_group WHERE USER_ID = ' . (int)$ID)->fetchAll();
        return array_merge(array_column($rows, 'GROUP_ID'), [2]);
    }

    public function Authorize($context, $bSave = false, $bUpdate = true, $applicationId = null, $onlyActive = true)
    {
        self::$authorized = (int)$context;
        return true;
    }

    public function Logout()
    {
        self::$authorized = 0;
    }

    public function CanDoOperation($op_name, $user_id = 0)
    {
        return $this->IsAdmin();
    }

    public function Add($arFields)
    {
        if (strlen((string)($arFields['LOGIN'] ?? '')) < 3) {
            $this->LAST_ERROR = 'The login must be at least 3 characters long';
            return false;
        }
        if (self::GetByLogin($arFields['LOGIN'])->Fetch() !== false) {
            $this->LAST_ERROR = "The login {$arFields['LOGIN']} is taken";
            return false;
        }
        $fields = array_diff_key($arFields, ['GROUP_ID' => 1, 'CONFIRM_PASSWORD' => 1]);
        $fields['PASSWORD'] = password_hash((string)($arFields['PASSWORD'] ?? ''), PASSWORD_BCRYPT, ['cost' => 4]);
        $id = (int)Application::getConnection()->add('b_user', $fields + ['ACTIVE' => 'Y', 'DATE_REGISTER' => new \Bitrix\Main\Type\DateTime()]);
        foreach ((array)($arFields['GROUP_ID'] ?? []) as $group) {
            Application::getConnection()->queryExecute('INSERT IGNORE INTO b_user_group (USER_ID, GROUP_ID) VALUES (' . $id . ', ' . (int)$group . ')');
        }
        return $id;
    }

    public static function GetByID($ID)
    {
        return new CDBResult(Application::getConnection()->query('SELECT * FROM b_user WHERE ID = ' . (int)$ID));
    }

    public static function GetByLogin($LOGIN)
    {
        return new CDBResult(Application::getConnection()->query("SELECT * FROM b_user WHERE LOGIN = '" . Application::getConnection()->getSqlHelper()->forSql($LOGIN) . "'"));
    }
}
