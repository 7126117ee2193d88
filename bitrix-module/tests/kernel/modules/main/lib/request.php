<?php

namespace Bitrix\Main;

use Bitrix\Main\Type\ParameterDictionary;

/** A request and its parameters. */
abstract class Request extends ParameterDictionary
{
    protected $server;

    public function __construct(Server $server, array $request)
    {
        parent::__construct($request);
        $this->server = $server;
    }

    public function getServer()
    {
        return $this->server;
    }

    public function isAjaxRequest()
    {
        return $this->server->get('HTTP_BX_AJAX') !== null || $this->server->get('HTTP_X_REQUESTED_WITH') === 'XMLHttpRequest';
    }

    public function isAdminSection()
    {
        return defined('ADMIN_SECTION') && ADMIN_SECTION === true;
    }
}
