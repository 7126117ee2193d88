<?php

use Bitrix\Main\Application;

/** `$DB`: the old way to the same connection. */
class CDatabase
{
    public $type = 'MYSQL';

    public function Query($strSql, $bIgnoreErrors = false, $error_position = "", $arOptions = [])
    {
        try {
            $result = Application::getConnection()->query($strSql);
        } catch (\Bitrix\Main\DB\SqlQueryException $fault) {
            return $bIgnoreErrors ? false : throw $fault;
        }
        return new CDBResult($result);
    }

    public function ForSql($strValue, $iMaxLength = 0)
    {
        return Application::getConnection()->getSqlHelper()->forSql($strValue, $iMaxLength);
    }

    public function LastID()
    {
        return Application::getConnection()->getInsertedId();
    }

    public function TableExists($tableName)
    {
        return Application::getConnection()->isTableExists($tableName);
    }

    /** @return array|false the faults, or false where there were none */
    public function RunSQLBatch($filepath)
    {
        $errors = Application::getConnection()->executeSqlBatch((string)file_get_contents($filepath));
        return $errors === [] ? false : $errors;
    }

    public function GetNowFunction()
    {
        return 'now()';
    }

    public static function CurrentTimeFunction()
    {
        return 'now()';
    }

    public function PrepareInsert($strTableName, $arFields)
    {
        [$columns, $values] = Application::getConnection()->getSqlHelper()->prepareInsert($strTableName, $arFields);
        return [$columns, $values];
    }

    public function PrepareUpdate($strTableName, $arFields, $strFileDir = "", $lang = false, $strTableAlias = "")
    {
        return Application::getConnection()->getSqlHelper()->prepareUpdate($strTableName, $arFields)[0];
    }

    public function StartTransaction()
    {
        Application::getConnection()->startTransaction();
    }

    public function Commit()
    {
        Application::getConnection()->commitTransaction();
    }

    public function Rollback()
    {
        Application::getConnection()->rollbackTransaction();
    }
}
