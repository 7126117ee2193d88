<?php

/** Rows of elements or sections. */
class CIBlockResult extends CDBResult
{
    public function __construct($res = null)
    {
        parent::__construct($res);
    }

    public function SetUrlTemplates($DetailUrl = "", $SectionUrl = "", $ListUrl = "")
    {
    }

    public function GetNextElement($bTextHtmlAuto = true, $use_tilda = true)
    {
        $row = $this->GetNext($bTextHtmlAuto, $use_tilda);
        if (!is_array($row)) {
            return $row;
        }
        $element = new _CIBElement();
        $element->fields = $row;
        return $element;
    }
}
