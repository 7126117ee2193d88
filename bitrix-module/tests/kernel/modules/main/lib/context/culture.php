<?php

namespace Bitrix\Main\Context;

/** How dates are written: the Russian way. */
class Culture
{
    public function getDateFormat()
    {
        return 'DD.MM.YYYY';
    }

    public function getDateTimeFormat()
    {
        return 'DD.MM.YYYY HH:MI:SS';
    }
}
