<?php

namespace Bitrix\Main;

use Bitrix\Main\Type\ParameterDictionary;

/** A request over HTTP: query, post and JSON are kept apart. */
class HttpRequest extends Request
{
    protected $queryString;
    protected $postData;
    protected $files;
    protected $cookies;
    protected $jsonData;
    protected $headers;

    public function __construct(Server $server, array $queryString, array $postData, array $files, array $cookies, array $jsonData = [])
    {
        parent::__construct($server, array_merge($queryString, $postData));
        $this->queryString = new ParameterDictionary($queryString);
        $this->postData = new ParameterDictionary($postData);
        $this->files = new ParameterDictionary($files);
        $this->cookies = new ParameterDictionary($cookies);
        $this->jsonData = new ParameterDictionary($jsonData);
        $this->headers = new Web\HttpHeaders();
        foreach ($server->toArrayRaw() as $name => $value) {
            if (str_starts_with((string)$name, 'HTTP_')) {
                $this->headers->add(str_replace('_', '-', substr($name, 5)), $value);
            } elseif (in_array($name, ['CONTENT_TYPE', 'CONTENT_LENGTH'], true)) {
                $this->headers->add(str_replace('_', '-', $name), $value);
            }
        }
    }

    public function getQuery($name)
    {
        return $this->queryString->get($name);
    }

    public function getQueryList()
    {
        return $this->queryString;
    }

    public function getPost($name)
    {
        return $this->postData->get($name);
    }

    public function getPostList()
    {
        return $this->postData;
    }

    public function getFile($name)
    {
        return $this->files->get($name);
    }

    public function getCookie($name)
    {
        return $this->cookies->get($name);
    }

    public function getHeader($name)
    {
        return $this->headers->get($name);
    }

    public function getHeaders()
    {
        return $this->headers;
    }

    public function getJsonList()
    {
        return $this->jsonData;
    }

    public function isJson(): bool
    {
        return preg_match('~^application/json\b~i', (string)$this->headers->getContentType()) === 1;
    }

    public function decodeJson(): void
    {
        if ($this->isJson()) {
            $data = json_decode((string)static::getInput(), true);
            $this->jsonData = new ParameterDictionary(is_array($data) ? $data : []);
        }
    }

    /** The raw body; what a test posts stands in a file, since there is no web server in between. */
    public static function getInput()
    {
        return file_get_contents($GLOBALS['ALIGATE_FAKE_KERNEL_INPUT'] ?? 'php://input');
    }

    public function getRequestMethod()
    {
        return $this->server->getRequestMethod();
    }

    public function isPost()
    {
        return $this->getRequestMethod() === 'POST';
    }

    public function getRequestUri()
    {
        return $this->server->getRequestUri();
    }

    public function getHttpHost()
    {
        return preg_replace('/:\d+$/', '', (string)$this->server->getHttpHost());
    }

    public function isHttps()
    {
        return $this->server->get('SERVER_PORT') == 443 || strtolower((string)$this->server->get('HTTPS')) === 'on';
    }

    public function getRemoteAddress()
    {
        return $this->server->get('REMOTE_ADDR');
    }

    public function getUserAgent()
    {
        return $this->server->get('HTTP_USER_AGENT');
    }
}
