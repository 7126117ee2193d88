<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

/** What went to the kernel's log of exceptions since the hit began. */
final class ErrorLog
{
    /** @var list<\Throwable> */
    private static array $errors = [];

    public static function add(\Throwable $error): void
    {
        self::$errors[] = $error;
    }

    /** @return list<\Throwable> */
    public static function all(): array
    {
        return self::$errors;
    }

    public static function clear(): void
    {
        self::$errors = [];
    }
}
