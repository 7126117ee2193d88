<?php

namespace Bitrix\Main;

/** What is answered. */
abstract class Response
{
    protected $content;

    public function __construct()
    {
        $this->clear();
    }

    public function clear()
    {
    }

    public function setContent($content)
    {
        $this->content = $content;
        return $this;
    }

    public function appendContent($content)
    {
        $this->content .= $content;
        return $this;
    }

    public function getContent()
    {
        return $this->content;
    }

    public function flush($text = '')
    {
        $this->writeBody($text);
    }

    public function send()
    {
        $this->flush($this->content);
    }

    protected function writeBody($text)
    {
        echo $text;
    }
}
