<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\ModuleOptions;
use Bitrix\Main\Application;

/**
 * Sends what a hit changed once the visitor has the answer.
 *
 * Background jobs do not run where a script ends with `die`, as the 1C exchange does: then the agent or the console
 * sends.
 */
final class AfterHit
{
    private const SECS_MAX = 5.0;

    private static bool $isScheduled = false;

    /**
     * Called at each first touch; the first call of a hit counts. Never fails.
     *
     * @param \Closure(): Senders $senders asked when the time to send has come
     */
    public static function schedule(\Closure $senders): void
    {
        if (self::$isScheduled) {
            return;
        }
        self::$isScheduled = true;
        try {
            if ((new ModuleOptions())->drainsAfterHit()) {
                Application::getInstance()->addBackgroundJob([self::class, 'send'], [$senders], Application::JOB_PRIORITY_LOW);
            }
        } catch (\Throwable $error) {
            self::log($error);
        }
    }

    /**
     * The job.
     *
     * @param \Closure(): Senders $senders
     */
    public static function send(\Closure $senders): void
    {
        self::$isScheduled = false;
        try {
            if (Senders::canRead()) {
                $senders()->drainAll(self::SECS_MAX);
            }
        } catch (\Throwable $error) {
            self::log($error);
        }
    }

    private static function log(\Throwable $error): void
    {
        try {
            Application::getInstance()->getExceptionHandler()->writeToLog($error);
        } catch (\Throwable) {
            // Nothing is left that could be told to anyone.
        }
    }
}
