<?php

namespace Bitrix\Main;

/** Keeps errors to be read. */
interface Errorable
{
    public function getErrors();

    public function getErrorByCode($code);
}
