<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Ast;

use PhpParser\Node;
use PhpParser\Node\Expr;

/**
 * Every name of the kernel that the module's code says is one that every supported kernel has, or stands behind a guard:
 * `class_exists`, `method_exists` or `function_exists` with that name in the same function.
 */
final class NameCheck
{
    /** @var array<string, true> in lower case: the module's own classes */
    private readonly array $own;
    /** @var array<string, string> what is in every supported kernel although the oldest facts lack it */
    private readonly array $known;

    public function __construct(private readonly ModuleCode $code, private readonly KernelFacts $facts)
    {
        $this->own = array_fill_keys(array_map('strtolower', $code->declared()), true);
        $this->known = require __DIR__ . '/since-main-23.php';
    }

    /** @return list<string> classes, interfaces, exceptions in any place of the code */
    public function classes(): array
    {
        $faults = [];
        foreach ($this->code->classNames() as $path => [$name, $node]) {
            if ($this->isOwn($name) || self::isOfPhp($name)) {
                continue;
            }
            $class = $this->facts->class($name);
            if ($class === null) {
                $faults[] = self::at($path, $node) . " the kernel has no class $name";
            } elseif (self::isAbsent($class) && !isset($this->known[$name]) && !self::isGuarded($node, $name)) {
                $faults[] = self::at($path, $node) . " $name is absent in " . implode(', ', $class['absent_in']);
            }
        }
        return array_values(array_unique($faults));
    }

    private function isOwn(string $name): bool
    {
        return isset($this->own[strtolower($name)]) || str_starts_with($name, 'Aligate\\Aliexpress\\');
    }

    private static function isOfPhp(string $name): bool
    {
        return (class_exists($name, false) || interface_exists($name, false)) && (new \ReflectionClass($name))->isInternal();
    }

    private static function isAbsent(array $facts): bool
    {
        return ($facts['absent_in'] ?? []) !== [];
    }

    private static function at(string $path, Node $node): string
    {
        return "$path:{$node->getStartLine()}";
    }

    /** Whether the function around asks for the name before it uses it. */
    private static function isGuarded(Node $node, string $name): bool
    {
        $function = ModuleCode::functionOf($node);
        if ($function === null) {
            return false;
        }
        $guards = ['class_exists', 'method_exists', 'function_exists', 'defined', 'is_callable', 'interface_exists'];
        foreach ((new \PhpParser\NodeFinder())->findInstanceOf($function, Expr\FuncCall::class) as $call) {
            if (!$call->name instanceof Node\Name || !in_array($call->name->toLowerString(), $guards, true)) {
                continue;
            }
            foreach ($call->getArgs() as $argument) {
                $value = $argument->value;
                $said = $value instanceof Node\Scalar\String_ ? $value->value
                    : ($value instanceof Expr\ClassConstFetch && $value->class instanceof Node\Name ? $value->class->toString() : '');
                if (strcasecmp(ltrim($said, '\\'), $name) === 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** @return list<string> static calls, and calls of the parent */
    public function staticCalls(): array
    {
        $faults = [];
        foreach ($this->code->nodes(Expr\StaticCall::class) as $path => $call) {
            if (!$call->class instanceof Node\Name\FullyQualified || !$call->name instanceof Node\Identifier) {
                continue;
            }
            $class = $call->class->toString();
            if ($this->isOwn($class) || self::isOfPhp($class) || $this->facts->class($class) === null) {
                continue;
            }
            array_push($faults, ...$this->methodFaults($path, $call, $class, $call->name->toString(), $call->getArgs()));
        }
        return $faults;
    }

    /** @param list<Node\Arg> $arguments */
    private function methodFaults(string $path, Node $node, string $class, string $method, array $arguments): array
    {
        $facts = $this->facts->method($class, $method);
        $at = self::at($path, $node);
        if ($facts === null) {
            return ["$at the kernel has no $class::$method"];
        }
        $faults = [];
        if (self::isAbsent($facts) && !isset($this->known["$class::{$facts['name']}"]) && !self::isGuarded($node, $method)) {
            $faults[] = "$at $class::$method is absent in " . implode(', ', $facts['absent_in']);
        }
        $hasSpread = array_filter($arguments, static fn (Node\Arg $one): bool => $one->unpack) !== [];
        if (!$hasSpread && count($arguments) < $facts['required']) {
            $faults[] = "$at $class::$method needs {$facts['required']} arguments";
        }
        foreach ($arguments as $argument) {
            $names = array_map(static fn (string $one): string => ltrim($one, '.$'), $facts['params']);
            if ($argument->name !== null && !in_array($argument->name->toString(), $names, true)) {
                $faults[] = "$at $class::$method has no parameter {$argument->name->toString()}";
            }
        }
        return $faults;
    }

    /** @return list<string> constructors of the kernel's classes */
    public function constructions(): array
    {
        $faults = [];
        foreach ($this->code->nodes(Expr\New_::class) as $path => $new) {
            if (!$new->class instanceof Node\Name\FullyQualified) {
                continue;
            }
            $class = $new->class->toString();
            if ($this->isOwn($class) || self::isOfPhp($class) || $this->facts->class($class) === null || $this->facts->method($class, '__construct') === null) {
                continue;
            }
            array_push($faults, ...$this->methodFaults($path, $new, $class, '__construct', $new->getArgs()));
        }
        return $faults;
    }

    /** @return list<string> calls on objects: the name must be a method of somebody's: the module's, PHP's or the kernel's */
    public function objectCalls(): array
    {
        $own = array_flip($this->code->declaredMethods());
        $faults = [];
        foreach ($this->code->nodes(Expr\MethodCall::class, Expr\NullsafeMethodCall::class) as $path => $call) {
            if (!$call->name instanceof Node\Identifier || isset($own[$call->name->toLowerString()])) {
                continue;
            }
            $name = $call->name->toString();
            if (self::isMethodOfPhp($name)) {
                continue;
            }
            $classes = $this->facts->methodsNamed($name);
            if ($classes === []) {
                $faults[] = self::at($path, $call) . " nobody has a method $name";
            } elseif (!$this->isInEveryKernel($classes) && !self::isGuarded($call, $name)) {
                $faults[] = self::at($path, $call) . " $name is absent in older kernels";
            }
        }
        return $faults;
    }

    /** @param array<string, array> $classes whose object it is, is not known: one class that has it everywhere is enough */
    private function isInEveryKernel(array $classes): bool
    {
        foreach ($classes as $class => $facts) {
            if (!self::isAbsent($facts) || isset($this->known["$class::{$facts['name']}"])) {
                return true;
            }
        }
        return false;
    }

    private static function isMethodOfPhp(string $name): bool
    {
        static $names = null;
        if ($names === null) {
            $names = [];
            foreach ([...get_declared_classes(), ...get_declared_interfaces()] as $class) {
                if ((new \ReflectionClass($class))->isInternal()) {
                    $names += array_flip(array_map('strtolower', get_class_methods($class)));
                }
            }
            // Of every enum.
            $names += ['from' => 0, 'tryfrom' => 0, 'cases' => 0];
        }
        return isset($names[strtolower($name)]);
    }

    /** @return list<string> */
    public function classConstants(): array
    {
        $faults = [];
        foreach ($this->code->nodes(Expr\ClassConstFetch::class) as $path => $fetch) {
            if (!$fetch->class instanceof Node\Name\FullyQualified || !$fetch->name instanceof Node\Identifier || $fetch->name->toLowerString() === 'class') {
                continue;
            }
            $class = $this->facts->class($fetch->class->toString());
            if ($class !== null && !$this->isOwn($fetch->class->toString()) && !in_array($fetch->name->toString(), $class['constant_names'] ?? [], true)) {
                $faults[] = self::at($path, $fetch) . " the kernel has no {$fetch->class->toString()}::{$fetch->name->toString()}";
            }
        }
        return $faults;
    }

    /** @return list<string> functions and constants outside of classes */
    public function functionsAndConstants(): array
    {
        $own = array_flip($this->code->declaredFunctions());
        $faults = [];
        foreach ($this->code->nodes(Expr\FuncCall::class) as $path => $call) {
            if (!$call->name instanceof Node\Name) {
                continue;
            }
            $name = $call->name->getLast();
            if (isset($own[strtolower($call->name->toString())]) || isset($own[strtolower($name)]) || (function_exists($name) && (new \ReflectionFunction($name))->isInternal())) {
                continue;
            }
            $facts = $this->facts->function($name);
            if ($facts === null) {
                $faults[] = self::at($path, $call) . " the kernel has no function $name";
            } elseif (self::isAbsent($facts) && !self::isGuarded($call, $name)) {
                $faults[] = self::at($path, $call) . " $name() is absent in " . implode(', ', $facts['absent_in']);
            } elseif (count($call->getArgs()) < $facts['required']) {
                $faults[] = self::at($path, $call) . " $name() needs {$facts['required']} arguments";
            }
        }
        foreach ($this->code->nodes(Expr\ConstFetch::class) as $path => $fetch) {
            $name = $fetch->name->getLast();
            $isOfPhp = isset(get_defined_constants(true)['user'][$name]) === false && defined($name);
            if (
                !in_array(strtolower($name), ['true', 'false', 'null'], true) && !$isOfPhp && !$this->facts->hasConstant($name)
                && !in_array($name, KnownConstants::OF_EVERY_HIT, true) && !self::isGuarded($fetch, $name)
            ) {
                $faults[] = self::at($path, $fetch) . " the kernel has no constant $name";
            }
        }
        return $faults;
    }

    /** @return list<string> tables in SQL */
    public function tables(string $ownPrefix): array
    {
        $faults = [];
        foreach ($this->code->nodes(Node\Scalar\String_::class, Node\Scalar\EncapsedStringPart::class) as $path => $string) {
            preg_match_all('/\bb_[a-z0-9_]+\b/', $string->value, $found);
            foreach ($found[0] as $table) {
                $isOwn = str_starts_with($table, $ownPrefix) || $table === rtrim($ownPrefix, '_');
                // The two tables of an infoblock of version 2 end with its number.
                $isOfIblock = preg_match('/^b_iblock_element_prop_[sm]\d*$/', $table) === 1;
                if (!$isOwn && !$isOfIblock && $this->facts->table($table) === null) {
                    $faults[] = self::at($path, $string) . " the kernel has no table $table";
                }
            }
        }
        return $faults;
    }
}
