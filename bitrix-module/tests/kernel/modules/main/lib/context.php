<?php

namespace Bitrix\Main;

/** What surrounds the hit. */
class Context
{
    protected $application;
    protected $request;
    protected $response;
    protected $server;
    protected $site;
    protected $language;

    public function __construct(Application $application)
    {
        $this->application = $application;
    }

    public function initialize(Request $request, Response $response, Server $server, array $params = [])
    {
        $this->request = $request;
        $this->response = $response;
        $this->server = $server;
    }

    public static function getCurrent()
    {
        return Application::getInstance()->getContext();
    }

    public function getApplication()
    {
        return $this->application;
    }

    public function getRequest()
    {
        return $this->request;
    }

    public function getResponse()
    {
        return $this->response;
    }

    public function setResponse(Response $response)
    {
        $this->response = $response;
        return $this;
    }

    public function getServer()
    {
        return $this->server;
    }

    public function getSite()
    {
        return $this->site ?? (defined('SITE_ID') ? SITE_ID : null);
    }

    public function setSite($site)
    {
        $this->site = $site;
        return $this;
    }

    public function getLanguage()
    {
        return $this->language ?? (defined('LANGUAGE_ID') ? LANGUAGE_ID : null);
    }

    public function setLanguage($language)
    {
        $this->language = $language;
        return $this;
    }

    public function getCulture()
    {
        return new Context\Culture();
    }
}
