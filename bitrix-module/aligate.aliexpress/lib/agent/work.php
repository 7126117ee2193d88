<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Agent;

use Aligate\Aliexpress\Log\Level;
use Bitrix\Main\Application;
use Bitrix\Main\DI\ServiceLocator;

/** An agent's work: whatever it throws is logged, for an agent that throws is run again only ten minutes later. */
final class Work
{
    /** @param \Closure(): void $work */
    public static function guarded(string $code, \Closure $work): void
    {
        try {
            $work();
        } catch (\Throwable $error) {
            self::log($code, $error);
        }
    }

    private static function log(string $code, \Throwable $error): void
    {
        try {
            Application::getInstance()->getExceptionHandler()->writeToLog($error);
            // Not the message: a failed query may carry the shop's data.
            $detail = $error::class . ' in ' . basename($error->getFile()) . ':' . $error->getLine();
            ServiceLocator::getInstance()->get('aligate.aliexpress.journal')->write(0, Level::Error, $code, $detail);
        } catch (\Throwable) {
            // The database is away: nothing is left that could be told to anyone, and the next run tries again.
        }
    }
}
