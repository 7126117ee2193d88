<?php

/** Rows of the old kernel: all values are strings or null. */
class CDBResult
{
    public $result;
    public $arResult = [];
    public $NavRecordCount;
    public $nSelectedCount = 0;
    /** @var int where the next row is */
    private int $at = 0;

    public function __construct($res = null)
    {
        if ($res instanceof self) {
            $this->InitFromArray($res->arResult);
        } elseif ($res instanceof \Bitrix\Main\DB\Result) {
            $rows = [];
            while (($row = $res->fetchRaw()) !== false) {
                $rows[] = $row;
            }
            $this->InitFromArray($rows);
        } elseif (is_array($res)) {
            $this->InitFromArray($res);
        }
    }

    public function InitFromArray($arr)
    {
        $this->arResult = array_values((array)$arr);
        $this->nSelectedCount = $this->NavRecordCount = count($this->arResult);
        $this->at = 0;
    }

    public function Fetch()
    {
        return $this->arResult[$this->at++] ?? false;
    }

    /** With the values made safe for HTML, and the raw ones under `~NAME`. */
    public function GetNext($bTextHtmlAuto = true, $use_tilda = true)
    {
        $row = $this->Fetch();
        if (!is_array($row)) {
            return $row;
        }
        $safe = [];
        foreach ($row as $name => $value) {
            $safe[$name] = is_string($value) ? htmlspecialcharsEx($value) : $value;
            $use_tilda && $safe["~$name"] = $value;
        }
        return $safe;
    }

    public function SelectedRowsCount()
    {
        return $this->nSelectedCount;
    }

    public function AffectedRowsCount()
    {
        return \Bitrix\Main\Application::getConnection()->getAffectedRowsCount();
    }

    public function NavStart($nPageSize = 0, $bShowAll = true, $iNumPage = false)
    {
    }
}
