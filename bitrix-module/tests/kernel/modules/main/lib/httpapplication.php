<?php

namespace Bitrix\Main;

/** A hit over HTTP, or of the console. */
class HttpApplication extends Application
{
    protected function __construct()
    {
        parent::__construct();
        $this->initializeContext([]);
    }

    protected function initializeContext(array $params)
    {
        $context = new HttpContext($this);
        $server = new Server($_SERVER);
        $request = new HttpRequest($server, $_GET, $_POST, $_FILES, $_COOKIE);
        $request->decodeJson();
        $context->initialize($request, new HttpResponse(), $server);
        $this->setContext($context);
    }

    public function start()
    {
    }
}
