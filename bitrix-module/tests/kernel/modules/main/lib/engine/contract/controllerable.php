<?php

namespace Bitrix\Main\Engine\Contract;

/** Has actions. */
interface Controllerable
{
    public const METHOD_ACTION_SUFFIX = 'Action';

    public function configureActions();
}
