<?php

/** An element of a list, with its properties. */
class _CIBElement
{
    public $fields = [];

    public function GetFields()
    {
        return $this->fields;
    }

    public function GetProperties($arOrder = false, $arFilter = array())
    {
        $all = [];
        CIBlockElement::GetPropertyValuesArray($all, (int)$this->fields['IBLOCK_ID'], ['ID' => (int)$this->fields['ID']]);
        return $all[(int)$this->fields['ID']] ?? [];
    }

    public function GetProperty($ID)
    {
        foreach ($this->GetProperties() as $code => $property) {
            if ($property['ID'] == $ID || $code === $ID) {
                return $property;
            }
        }
        return false;
    }

    public function GetGroups()
    {
        return CIBlockElement::GetElementGroups($this->fields['ID']);
    }
}
