<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Gateway\GatewayClient;
use Aligate\Aliexpress\Gateway\Gateways;
use Aligate\Aliexpress\Log\Journal;
use Aligate\Aliexpress\Log\Level;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Outbox\OutboxRepository;
use Aligate\Aliexpress\Outbox\ScopeExpander;
use Aligate\Aliexpress\Outbox\StateRepository;
use Aligate\Aliexpress\Reading\KernelDiscounts;
use Aligate\Aliexpress\Reading\Rows;
use Bitrix\Main\Application;
use Bitrix\Main\DB\Connection as Database;
use Bitrix\Main\Loader;

/**
 * Puts the sending side together: the one place that does. Agents, the console, the end of a hit and pages get it as the service
 * `aligate.aliexpress.senders`.
 */
final class Senders
{
    public readonly OutboxRepository $outbox;
    public readonly StateRepository $states;
    public readonly Journal $journal;
    public readonly SentRepository $sent;
    public readonly Standings $standings;
    public readonly Restoration $restoration;
    public readonly SituationReader $reader;

    public readonly Rows $rows;

    /** @param (\Closure(): int)|null $now unix seconds; the system's clock where none is given */
    public function __construct(
        public readonly Database $database,
        public readonly ModuleOptions $options,
        ?\Closure $now = null,
    ) {
        $now ??= time(...);
        $this->outbox = new OutboxRepository($database);
        $this->states = new StateRepository($database);
        $this->journal = new Journal($database);
        $this->rows = new Rows($database);
        $this->sent = new SentRepository($database, $this->rows);
        $this->standings = new Standings($this->states, RetryStrategy::create(), $now);
        $this->reader = new SituationReader($this->rows, $this->sent, new KernelDiscounts());
        $this->restoration = new Restoration(
            $this->states,
            $this->outbox,
            new VersionClock($database, $this->states),
            self::marker(),
            $this->journal,
            $now,
        );
    }

    /** Beside the files of the shop and in its cache: a backup seldom takes both along. */
    public static function marker(): RestoreMarker
    {
        $root = (string)Application::getDocumentRoot();

        return new RestoreMarker(["$root/upload/aligate.aliexpress", "$root/bitrix/cache/aligate.aliexpress"]);
    }

    /** Whether the kernel has what reading needs. */
    public static function canRead(): bool
    {
        return Loader::includeModule('iblock') && Loader::includeModule('catalog') && Loader::includeModule('currency');
    }

    /**
     * Sends what waits of every connection, each for a fair part of the time.
     *
     * @return array<int, DrainReport> connection => how it ended
     */
    public function drainAll(float $seconds): array
    {
        $connections = $this->options->activeConnections();
        $reports = [];
        $end = microtime(true) + $seconds;
        foreach ($connections as $at => $connection) {
            $left = max(0.0, $end - microtime(true)) / (count($connections) - $at);
            $reports[$connection->id] = $this->drain($connection, microtime(true) + $left);
        }

        return $reports;
    }

    public function drain(Connection $connection, float $deadline): DrainReport
    {
        try {
            $client = (new Gateways($this->options))->events($connection);
        } catch (\InvalidArgumentException $error) {
            $this->journal->write($connection->id, Level::Error, 'settings_unusable', $error->getMessage());

            return DrainReport::Resting;
        }

        return $this->drainWith($connection, $client, $deadline);
    }

    /** @param float $deadline as `microtime(true)` gives it */
    public function drainWith(Connection $connection, GatewayClient $client, float $deadline): DrainReport
    {
        $versions = new VersionClock($this->database, $this->states);
        $sender = new OutboxSender(
            $this->outbox,
            $this->sent,
            $this->states,
            $versions,
            $this->standings,
            $this->journal,
            new Batcher($this->options->batchEvents(), $this->options->batchBytes()),
        );
        $drain = new Drain(
            $this->database,
            $this->outbox,
            new ScopeExpander($this->database, $this->outbox, $this->states),
            $this->reader,
            $sender,
            $versions,
            $this->restoration,
            $this->standings,
            $this->journal,
            static fn (): float => microtime(true),
        );

        return $drain->run($connection, $client, $deadline);
    }
}
