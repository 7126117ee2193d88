<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Kernel;

use Aligate\Aliexpress\Tests\Ast\FakeFacts;
use Aligate\Aliexpress\Tests\Ast\KernelFacts;
use Aligate\Aliexpress\Tests\FakeKernel\Site;
use Bitrix\Main\Loader;
use PhpParser\Node;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/kernel/bootstrap.php';

/** The fake may be smaller than the kernel, never different: classes, methods, parameters, flags, constants, functions, tables, events. */
final class FakeIsASubsetTest extends TestCase
{
    /** What the kernel generates or has under names that the facts do not list as classes; events and tables of them are there. */
    private const KNOWN_BY_EVENTS = ['Bitrix\Sale\Reservation\Internals\BasketReservationTable'];
    /** Seen on the running kernel as what a query returns, though not among the listed classes. */
    private const KNOWN_BY_OBSERVATION = ['Bitrix\Main\DB\MysqliResult'];
    /** Magic that PHP itself calls. */
    private const MAGIC = ['__construct', '__clone', '__call', '__tostring', '__serialize', '__unserialize'];

    private static KernelFacts $facts;
    private static FakeFacts $fake;

    public static function setUpBeforeClass(): void
    {
        self::$facts = KernelFacts::load();
        self::$fake = new FakeFacts();
        Site::boot()->fresh();
        array_map(Loader::includeModule(...), ['iblock', 'catalog', 'currency', 'sale']);
    }

    /** @test */
    public function everyClassOfTheFakeIsAClassOfTheKernel(): void
    {
        $unknown = array_filter(self::$fake->classes(), fn (string $class): bool => self::$facts->class($class) === null && !in_array($class, [...self::KNOWN_BY_EVENTS, ...self::KNOWN_BY_OBSERVATION], true));
        self::assertSame([], array_values($unknown));
        foreach (self::KNOWN_BY_EVENTS as $class) {
            self::assertArrayHasKey($class, self::$facts->ormTables());
        }
    }

    /** @test */
    public function everyPublicMethodOfTheFakeHasTheKernelsParametersAndFlags(): void
    {
        $differences = [];
        foreach (self::$fake->classes() as $class) {
            if (self::$facts->class($class) === null) {
                continue;
            }
            foreach ((new \ReflectionClass($class))->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                if ($method->getDeclaringClass()->isInternal() || in_array(strtolower($method->name), self::MAGIC, true) && self::$facts->method($class, $method->name) === null) {
                    continue;
                }
                $differences = array_merge($differences, $this->differencesOf($class, $method));
            }
        }
        self::assertSame([], $differences);
    }

    /** @return list<string> */
    private function differencesOf(string $class, \ReflectionMethod $method): array
    {
        $facts = self::$facts->method($class, $method->name);
        $title = "$class::{$method->name}";
        if ($facts === null) {
            return ["$title: the kernel has no such method"];
        }
        $differences = [];
        if ($facts['name'] !== $method->name) {
            $differences[] = "$title: the kernel writes {$facts['name']}";
        }
        if ($facts['static'] !== $method->isStatic()) {
            $differences[] = "$title: " . ($facts['static'] ? 'is static' : 'is not static') . ' in the kernel';
        }
        return array_merge($differences, self::parameterDifferences($title, $method, $facts));
    }

    private static function parameterDifferences(string $title, \ReflectionFunctionAbstract $function, array $facts): array
    {
        $differences = [];
        $names = array_map(static fn (\ReflectionParameter $one): string => $one->name, $function->getParameters());
        $named = array_map(static fn (string $one): string => ltrim($one, '.$'), $facts['params']);
        if ($names !== $named) {
            $differences[] = "$title: parameters are (" . implode(', ', $named) . '), not (' . implode(', ', $names) . ')';
        } elseif ($function->getNumberOfRequiredParameters() !== $facts['required']) {
            $differences[] = "$title: {$facts['required']} parameters are required, not {$function->getNumberOfRequiredParameters()}";
        }
        $byReference = array_values(array_map(
            static fn (\ReflectionParameter $one): string => $one->name,
            array_filter($function->getParameters(), static fn (\ReflectionParameter $one): bool => $one->isPassedByReference()),
        ));
        if ($byReference !== array_values($facts['by_ref'] ?? [])) {
            $differences[] = "$title: by reference are (" . implode(', ', $facts['by_ref'] ?? []) . ')';
        }
        return $differences;
    }

    /** @test */
    public function everyFunctionOfTheFakeHasTheKernelsParameters(): void
    {
        $differences = [];
        foreach (self::$fake->code->declaredFunctions() as $name) {
            $facts = self::$facts->function($name);
            $differences = array_merge($differences, $facts === null
                ? ["$name: the kernel has no such function"]
                : self::parameterDifferences($name, new \ReflectionFunction($name), $facts));
        }
        self::assertSame([], $differences);
    }

    /** @test */
    public function everyPublicConstantOfTheFakeIsOneOfTheKernelWithItsValue(): void
    {
        $differences = [];
        foreach (self::$fake->classes() as $class) {
            foreach ((new \ReflectionClass($class))->getReflectionConstants(\ReflectionClassConstant::IS_PUBLIC) as $constant) {
                $facts = self::$facts->class($constant->getDeclaringClass()->name);
                if ($facts === null) {
                    continue;
                }
                $given = $facts['constants'][$constant->name] ?? null;
                if (!in_array($constant->name, $facts['constant_names'] ?? [], true)) {
                    $differences[] = "$class::{$constant->name}: the kernel has no such constant";
                } elseif (is_string($given) && preg_match('/^(-?\d+|0x[0-9a-f]+|([\'"])[^\'"]*\2)$/i', $given) === 1 && self::literal($given) !== $constant->getValue()) {
                    $differences[] = "$class::{$constant->name}: is $given in the kernel";
                }
            }
        }
        self::assertSame([], array_values(array_unique($differences)));
    }

    private static function literal(string $text): int|string
    {
        return in_array($text[0], ['"', "'"], true) ? str_replace('\\\\', '\\', substr($text, 1, -1)) : intval($text, 0);
    }

    /** @test */
    public function everyFieldOfATableClassIsAFieldOfTheKernels(): void
    {
        $differences = [];
        foreach (self::$fake->classes() as $class) {
            $facts = self::$facts->class($class);
            if ($facts === null || !is_subclass_of($class, \Bitrix\Main\ORM\Data\DataManager::class)) {
                continue;
            }
            $class::getTableName() === $facts['orm_table'] || $differences[] = "$class: its table is {$facts['orm_table']}";
            foreach ($class::getEntity()->getFields() as $field) {
                in_array($field->getName(), $facts['orm_fields'], true) || $differences[] = "$class: the kernel has no field {$field->getName()}";
            }
        }
        self::assertSame([], $differences);
    }

    /** @test */
    public function everyTableOfTheSiteHasTheKernelsColumns(): void
    {
        $connection = \Bitrix\Main\Application::getConnection();
        foreach ($connection->query('SHOW TABLES')->fetchAll() as $row) {
            $table = (string)reset($row);
            self::assertSame(self::$facts->table($table), array_keys($connection->getTableFields($table)), $table);
        }
    }

    /** @test */
    public function everyEventThatTheFakeNamesIsAnEventOfTheKernel(): void
    {
        $names = array_map(static fn (array $event): string => strtolower($event['name']), self::$facts->events());
        $unknown = [];
        foreach (self::$fake->code->nodes(Node\Scalar\String_::class) as $path => $string) {
            if (
                preg_match('/^On[A-Z]\w+$/', $string->value) === 1 && !in_array(strtolower($string->value), $names, true)
                && !in_array($string->value, self::ormStages(), true) && !method_exists_anywhere($string->value, self::$fake->classes())
            ) {
                $unknown[] = "$path: {$string->value}";
            }
        }
        self::assertSame([], array_values(array_unique($unknown)));
    }

    /** @return list<string> */
    private static function ormStages(): array
    {
        return ['OnBeforeAdd', 'OnAdd', 'OnAfterAdd', 'OnBeforeUpdate', 'OnUpdate', 'OnAfterUpdate', 'OnBeforeDelete', 'OnDelete', 'OnAfterDelete'];
    }
}

/** @param list<string> $classes */
function method_exists_anywhere(string $name, array $classes): bool
{
    foreach ($classes as $class) {
        if (method_exists($class, $name)) {
            return true;
        }
    }
    return false;
}
