<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

/**
 * The course of an exchange with 1C. What these handlers return would be taken for an error's text: they return
 * nothing.
 */
final class ExchangeHandler
{
    public static function onBeforeImport(mixed $parameters = null, mixed $fileName = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->exchangeFileBegan(is_string($fileName) ? $fileName : ''));
    }

    public static function onSuccessImport(mixed $parameters = null, mixed $fileName = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->exchangeFileEnded(is_string($fileName) ? $fileName : ''));
    }

    public static function onCompleteImport(): void
    {
        Catching::run(static fn (Hit $hit) => $hit->exchangeEnded());
    }
}
