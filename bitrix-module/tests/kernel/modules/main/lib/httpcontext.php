<?php

namespace Bitrix\Main;

/** The context of a hit over HTTP. */
class HttpContext extends Context
{
    public function __construct(HttpApplication $application)
    {
        parent::__construct($application);
    }
}
