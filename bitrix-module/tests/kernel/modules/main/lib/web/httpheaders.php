<?php

namespace Bitrix\Main\Web;

/** Headers by their names in any case. */
class HttpHeaders implements \IteratorAggregate
{
    public const DEFAULT_HTTP_STATUS = 0;

    protected $headers = [];

    public function __construct(?array $headers = null)
    {
        foreach ($headers ?? [] as $name => $value) {
            $this->add($name, $value);
        }
    }

    public function add($name, $value)
    {
        $key = strtolower((string)$name);
        $this->headers[$key]['name'] ??= $name;
        foreach ((array)$value as $one) {
            $this->headers[$key]['values'][] = $one;
        }
    }

    public function set($name, $value)
    {
        $this->delete($name);
        $this->add($name, $value);
    }

    public function get($name, $returnArray = false)
    {
        $values = $this->headers[strtolower((string)$name)]['values'] ?? null;
        return $returnArray ? $values : ($values[0] ?? null);
    }

    public function delete($name)
    {
        unset($this->headers[strtolower((string)$name)]);
    }

    public function has(string $name): bool
    {
        return isset($this->headers[strtolower($name)]);
    }

    public function clear()
    {
        $this->headers = [];
    }

    public function toArray()
    {
        return $this->headers;
    }

    public function getContentType()
    {
        $type = $this->get('Content-Type');
        return $type === null ? null : trim(explode(';', (string)$type)[0]);
    }

    public function getIterator(): \Traversable
    {
        return new \ArrayIterator($this->headers);
    }
}
