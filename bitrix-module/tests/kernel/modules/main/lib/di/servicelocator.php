<?php

namespace Bitrix\Main\DI;

use Bitrix\Main\Config\Configuration;
use Bitrix\Main\ObjectNotFoundException;

/** Services by name, made when first asked for. */
final class ServiceLocator
{
    private static $instance;

    /** @var array<string, object> */
    private array $made = [];
    /** @var array<string, array> */
    private array $lazy = [];

    private function __construct()
    {
    }

    public static function getInstance(): self
    {
        return self::$instance ??= new self();
    }

    public function addInstance(string $code, mixed $service): void
    {
        $this->made[$code] = $service;
    }

    public function addInstanceLazy(string $id, $configuration): void
    {
        if (!isset($configuration['className']) && !isset($configuration['constructor'])) {
            throw new \Bitrix\Main\SystemException("Could not register service {{$id}}. There is no {className} to find class or {constructor} to build instance.");
        }
        $this->lazy[$id] = $configuration;
        unset($this->made[$id]);
    }

    public function registerByModuleSettings(string $moduleName): void
    {
        foreach ((array)Configuration::getInstance($moduleName)->get('services') as $id => $configuration) {
            $this->addInstanceLazy($id, $configuration);
        }
    }

    public function has(string $id): bool
    {
        return isset($this->made[$id]) || isset($this->lazy[$id]);
    }

    public function get(string $id): mixed
    {
        return $this->made[$id] ??= $this->make($this->lazy[$id] ?? throw new ObjectNotFoundException("Could not find service by code {{$id}}."));
    }

    private function make(array $configuration): object
    {
        if (isset($configuration['constructor'])) {
            return $configuration['constructor']();
        }
        $arguments = $configuration['constructorParams'] ?? [];
        $arguments = $arguments instanceof \Closure ? $arguments() : $arguments;
        return new $configuration['className'](...array_values((array)$arguments));
    }
}
