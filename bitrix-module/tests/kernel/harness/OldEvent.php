<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

/** Sends events of the old kind: by position, some arguments by reference. */
final class OldEvent
{
    /** Results are of no interest. */
    public static function tell(string $module, string $name, array $arguments): void
    {
        foreach (GetModuleEvents($module, $name, true) as $handler) {
            ExecuteModuleEventEx($handler, $arguments);
        }
    }

    /** False where a handler returned false: it stops the others and the operation. */
    public static function allows(string $module, string $name, array $arguments): bool
    {
        foreach (GetModuleEvents($module, $name, true) as $handler) {
            if (ExecuteModuleEventEx($handler, $arguments) === false) {
                return false;
            }
        }
        return true;
    }
}
