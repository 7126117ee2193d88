<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Console;

use Aligate\Aliexpress\Agent\SweepAgent;
use Aligate\Aliexpress\Sending\DrainReport;
use Aligate\Aliexpress\Sending\Senders;
use Bitrix\Main\DI\ServiceLocator;

/** Sends what waits, from the command line. */
final class SendOutboxCommand
{
    private const SECONDS = 55;
    private const SECONDS_MAX = 3600;
    private const HELP = <<<'TEXT'
        Sends to AliExpress, through the gateway, what waits in the shop's outbox.

          --seconds=N   work for at most N seconds (1 to 3600; 55)
          --sweep       look first for what changed without an event
          --help        this text

        Example: php send.php --seconds=55
        Exit code 0: nothing waits, or more waits and goes on next time; 1: a gateway failed or refused; 2: wrong use.

        TEXT;

    /**
     * @param resource $out
     * @param resource $err
     */
    public function __construct(private $out, private $err)
    {
    }

    /** @param list<string> $arguments */
    public function run(array $arguments): int
    {
        $seconds = self::SECONDS;
        $sweeps = false;
        foreach ($arguments as $argument) {
            if ($argument === '--help') {
                fwrite($this->out, self::HELP);

                return 0;
            }
            if ($argument === '--sweep') {
                $sweeps = true;
            } elseif (preg_match('/\A--seconds=([0-9]{1,4})\z/', $argument, $found) === 1) {
                $seconds = max(1, min(self::SECONDS_MAX, (int)$found[1]));
            } elseif ($argument !== '--') {
                fwrite($this->err, "$argument is not understood; see --help\n");

                return 2;
            }
        }

        return $this->send((float)$seconds, $sweeps);
    }

    private function send(float $seconds, bool $sweeps): int
    {
        if (!Senders::canRead()) {
            fwrite($this->err, "the shop has no catalog: the modules iblock, catalog and currency are needed\n");

            return 1;
        }
        if ($sweeps) {
            SweepAgent::run();
        }
        $code = 0;
        foreach (ServiceLocator::getInstance()->get('aligate.aliexpress.senders')->drainAll($seconds) as $connectionId => $report) {
            fwrite($this->out, "connection $connectionId: {$report->value}\n");
            $code = $report === DrainReport::Failed ? 1 : $code;
        }

        return $code;
    }
}
