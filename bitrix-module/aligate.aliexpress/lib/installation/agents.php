<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Installation;

use Aligate\Aliexpress\Agent\CleanOutboxAgent;
use Aligate\Aliexpress\Agent\SendOutboxAgent;
use Aligate\Aliexpress\Agent\SweepAgent;
use Aligate\Aliexpress\Agent\UpkeepAgent;
use Aligate\Aliexpress\Agent\WatchAgent;
use Aligate\Aliexpress\ModuleOptions;

/** The module's agents. Not periodic ones: only these run on hits and, in shops that run agents so, under cron. */
final class Agents
{
    /** Class => seconds between two turns. */
    private const AGENTS = [
        SendOutboxAgent::class => 60,
        SweepAgent::class => 600,
        CleanOutboxAgent::class => 300,
        WatchAgent::class => 600,
        UpkeepAgent::class => 600,
    ];

    /** The text that the kernel calls, and that a turn returns to be called again. */
    public static function call(string $class): string
    {
        return "\\$class::run();";
    }

    /** Adds those that are not there; one that a person switched off stays off. */
    public function register(): void
    {
        foreach (self::AGENTS as $class => $seconds) {
            $known = \CAgent::GetList([], ['NAME' => self::call($class), 'MODULE_ID' => ModuleOptions::MODULE_ID]);
            if (!$known->Fetch()) {
                \CAgent::AddAgent(self::call($class), ModuleOptions::MODULE_ID, 'N', $seconds);
            }
        }
    }

    public function unregister(): void
    {
        \CAgent::RemoveModuleAgents(ModuleOptions::MODULE_ID);
    }
}
