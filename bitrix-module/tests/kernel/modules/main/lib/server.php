<?php

namespace Bitrix\Main;

use Bitrix\Main\Type\ParameterDictionary;

/** `$_SERVER` of the hit. */
class Server extends ParameterDictionary
{
    public function __construct(array $arServer)
    {
        parent::__construct($arServer);
    }

    public function getDocumentRoot()
    {
        return $this->get('DOCUMENT_ROOT');
    }

    public function getHttpHost()
    {
        return $this->get('HTTP_HOST');
    }

    public function getServerName()
    {
        return $this->get('SERVER_NAME');
    }

    public function getRequestMethod()
    {
        return $this->get('REQUEST_METHOD');
    }

    public function getRequestUri()
    {
        return $this->get('REQUEST_URI');
    }
}
