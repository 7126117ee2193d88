<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Ast;

/** What the kernel has, from the fixture: a part of the facts that were taken from its sources. */
final class KernelFacts
{
    private const FILE = __DIR__ . '/../Fixtures/kernel/api.json';

    /** @var array<string, array> by class name in lower case */
    private array $classes = [];

    /** @var array<string, array<string, array>> by method name in lower case, by class */
    private array $methods = [];

    /** @param array<string, mixed> $facts */
    private function __construct(private readonly array $facts)
    {
        foreach ($facts['classes'] as $name => $class) {
            $this->classes[strtolower($name)] = $class + ['name' => $name];
        }
        foreach ($facts['aliases'] as $alias => $name) {
            isset($this->classes[strtolower($name)]) && $this->classes[strtolower($alias)] = $this->classes[strtolower($name)];
        }
    }

    public static function load(): self
    {
        return new self(json_decode((string)file_get_contents(self::FILE), true, 64, JSON_THROW_ON_ERROR));
    }

    public function class(string $name): ?array
    {
        return $this->classes[strtolower(ltrim($name, '\\'))] ?? null;
    }

    /** In any case of letters, as PHP takes them. */
    public function method(string $class, string $method): ?array
    {
        $class = $this->class($class)['name'] ?? '';
        return $this->methodsNamed($method)[$class] ?? null;
    }

    /** @return array<string, array> by class: the methods of that name */
    public function methodsNamed(string $method): array
    {
        if ($this->methods === []) {
            foreach ($this->facts['classes'] as $class => $facts) {
                foreach ($facts['methods'] ?? [] as $name => $found) {
                    $this->methods[strtolower($name)][$class] = $found + ['name' => $name];
                }
            }
        }
        return $this->methods[strtolower($method)] ?? [];
    }

    public function function(string $name): ?array
    {
        foreach ($this->facts['functions'] as $function) {
            if (strcasecmp($function['name'], $name) === 0) {
                return $function;
            }
        }
        return null;
    }

    public function hasConstant(string $name): bool
    {
        return in_array($name, $this->facts['constants'], true);
    }

    /** @return list<string>|null the columns */
    public function table(string $name): ?array
    {
        return $this->facts['tables'][$name] ?? null;
    }

    /** @return list<string> */
    public function tables(): array
    {
        return array_keys($this->facts['tables']);
    }

    /** @return list<array{module: string, name: string, style: string, params: list<string>, by_ref?: list<int>}> */
    public function events(): array
    {
        return $this->facts['events'];
    }

    public function event(string $module, string $name): ?array
    {
        foreach ($this->facts['events'] as $event) {
            if (strcasecmp($event['module'], $module) === 0 && strcasecmp($event['name'], $name) === 0) {
                return $event;
            }
        }
        return null;
    }

    /** @return array{module: string, stage: string}|null of an ORM event in one of its two forms */
    public function ormEvent(string $module, string $name): ?array
    {
        foreach ($this->facts['orm']['tables'] as $table) {
            foreach ($this->facts['orm']['stages'] as $stage) {
                if (
                    strcasecmp($table['module'], $module) === 0
                    && in_array(strtolower($name), [strtolower($table['type_prefix'] . $stage), strtolower($table['old_type_prefix'] . $stage)], true)
                ) {
                    return ['module' => $table['module'], 'stage' => $stage];
                }
            }
        }
        return null;
    }

    /** @return array<string, array> ORM classes that the facts name by their events alone */
    public function ormTables(): array
    {
        return $this->facts['orm']['tables'];
    }
}
