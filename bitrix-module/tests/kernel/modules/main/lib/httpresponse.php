<?php

namespace Bitrix\Main;

/** An answer over HTTP. */
class HttpResponse extends Response
{
    protected $headers;
    protected $status = '';

    public function __construct()
    {
        parent::__construct();
        $this->headers = new Web\HttpHeaders();
    }

    public function addHeader($name, $value = '')
    {
        $this->headers->set($name, $value);
        return $this;
    }

    public function getHeaders()
    {
        return $this->headers;
    }

    public function setStatus($status)
    {
        $this->status = $status;
        return $this;
    }

    public function getStatus()
    {
        return (int)$this->status;
    }

    public function writeHeaders()
    {
        if (PHP_SAPI === 'cli') {
            return;
        }
        if ($this->status !== '') {
            http_response_code((int)$this->status);
        }
        foreach ($this->headers->toArray() as $header) {
            foreach ((array)$header['values'] as $value) {
                header("{$header['name']}: $value");
            }
        }
    }

    public function flush($text = '')
    {
        $this->writeHeaders();
        $this->writeBody($text);
    }
}
