<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

use Bitrix\Main\Application;
use Bitrix\Main\DI\ServiceLocator;

/**
 * Runs the body of every handler: whatever it throws is logged and stays here, because a handler that throws breaks the
 * shop's save. Only a deadlock that ended the shop's open transaction goes on.
 */
final class Catching
{
    public const SERVICE = 'aligate.aliexpress.catching';

    private bool $isRunning = false;

    /**
     * @param \Closure(\Throwable): bool $endedTransaction whether the failure ended a transaction of the shop
     * @param \Closure(\Throwable): void $log
     */
    public function __construct(
        private readonly Hit $hit,
        private readonly \Closure $endedTransaction,
        private readonly \Closure $log,
    ) {
    }

    /**
     * @param \Closure(Hit): void $handle
     * @throws \Throwable the deadlock that ended the shop's transaction, nothing else
     */
    public static function run(\Closure $handle): void
    {
        try {
            $catching = ServiceLocator::getInstance()->get(self::SERVICE);
        } catch (\Throwable $error) {
            // Without its services the module can do nothing but say so; the shop goes on.
            Application::getInstance()->getExceptionHandler()->writeToLog($error);

            return;
        }
        $catching->handle($handle);
    }

    /**
     * Nothing that a handler does is caught by handlers again.
     *
     * @param \Closure(Hit): void $handle
     */
    public function handle(\Closure $handle): void
    {
        if ($this->isRunning) {
            return;
        }
        $this->isRunning = true;
        try {
            $handle($this->hit);
        } catch (\Throwable $error) {
            if (($this->endedTransaction)($error)) {
                throw $error;
            }
            ($this->log)($error);
        } finally {
            $this->isRunning = false;
        }
    }
}
