<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Notice;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Gateway\Exception\GatewayException;
use Aligate\Aliexpress\Gateway\Gateways;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Outbox\OutboxRepository;
use Aligate\Aliexpress\Sending\Restoration;
use Bitrix\Main\Localization\Loc;

Loc::loadMessages(__FILE__);

/**
 * Tells the shop's people, in the admin section's line of notices, what they would not see by themselves: changes that are
 * stuck, a gateway that refuses, consent that is about to end, changes that are held. A notice goes when its cause is gone.
 */
final class Watch
{
    /** Changes that wait longer are stuck. */
    private const STUCK_SECS = 1800;

    /** Consent that ends sooner is announced. */
    private const TOKEN_DAYS = 7;

    public function __construct(
        private readonly ModuleOptions $options,
        private readonly OutboxRepository $outbox,
        private readonly Gateways $gateways,
        private readonly AdminNotices $notices,
        private readonly Restoration $restoration,
    ) {
    }

    public function run(): void
    {
        foreach ($this->options->connections() as $connection) {
            if ($connection->isReady()) {
                $this->lookAt($connection);
            } else {
                $this->notices->clear($connection->id);
            }
        }
    }

    private function lookAt(Connection $connection): void
    {
        $depth = $this->outbox->depth($connection->id);
        $isStuck = $depth->oldestSeconds > self::STUCK_SECS;
        $this->say($connection, 'stuck', $isStuck, ['#COUNT#' => $depth->waiting, '#HOURS#' => round($depth->oldestSeconds / 3600, 1)]);
        $this->say($connection, 'parked', $depth->parked > 0, ['#COUNT#' => $depth->parked]);
        $this->say($connection, 'restored', $this->restoration->isHeld($connection->id));
        try {
            $status = $this->gateways->shopApi($connection)->status();
            $this->say($connection, 'refused', false);
            $this->sayStatus($connection, $status);
        } catch (GatewayException $error) {
            // One that is away shows in what is stuck; one that refuses needs a person.
            $isRefusal = in_array($error->status, [400, 401, 403, 404, 409, 413, 415, 422], true);
            $this->say($connection, 'refused', $isRefusal, ['#WHY#' => $error->getMessage()]);
        } catch (\InvalidArgumentException $error) {
            $this->say($connection, 'refused', true, ['#WHY#' => $error->getMessage()]);
        }
    }

    /** @param array<array-key, mixed> $status of the gateway */
    private function sayStatus(Connection $connection, array $status): void
    {
        $token = is_array($status['token'] ?? null) ? $status['token'] : [];
        $state = is_string($token['state'] ?? null) ? $token['state'] : 'ok';
        $isRefused = in_array($state, ['refused', 'ended', 'needs_consent', 'application_refused'], true);
        $days = $token['consent_days_left'] ?? $token['days_left'] ?? null;
        $this->say($connection, 'token', $isRefused);
        $this->say($connection, 'token_ends', !$isRefused && is_numeric($days) && $days <= self::TOKEN_DAYS, [
            '#DAYS#' => (int)$days,
        ]);
        $lanes = array_filter(is_array($status['lanes'] ?? null) ? $status['lanes'] : [], 'is_array');
        $held = (int)array_sum(array_column($lanes, 'held'));
        $dead = (int)array_sum(array_column($lanes, 'dead'));
        $this->say($connection, 'held', $held > 0, ['#COUNT#' => $held]);
        $this->say($connection, 'dead', $dead > 0, ['#COUNT#' => $dead]);
    }

    /** @param array<string, scalar> $values */
    private function say(Connection $connection, string $code, bool $holds, array $values = []): void
    {
        $text = $holds
            ? (string)Loc::getMessage('ALIGATE_ALIEXPRESS_NOTICE_' . strtoupper($code), $values + ['#NAME#' => $connection->name])
            : '';
        $this->notices->set($connection->id, $code, $text);
    }
}
