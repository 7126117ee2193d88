<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

/** Calls what the fake's classes keep to themselves: their public face is the kernel's and nothing more. */
final class Inner
{
    public static function call(object $target, string $method, mixed ...$arguments): mixed
    {
        return \Closure::bind(static fn (object $it): mixed => $it->$method(...$arguments), null, $target::class)($target);
    }

    /** @param class-string $class */
    public static function make(string $class, string $method, mixed ...$arguments): mixed
    {
        return \Closure::bind(static fn (): mixed => $class::$method(...$arguments), null, $class)();
    }

    public static function get(object $target, string $property): mixed
    {
        return \Closure::bind(static fn (object $it): mixed => $it->$property, null, $target::class)($target);
    }
}
