<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Controller;

use Aligate\Aliexpress\Controller\Filter\Right;
use Aligate\Aliexpress\Gateway\ShopApi;
use Bitrix\Main\Engine\ActionFilter\Authentication;
use Bitrix\Main\Engine\ActionFilter\Csrf;
use Bitrix\Main\Engine\ActionFilter\HttpMethod;

/** What pages ask of the gateway: `aligate:aliexpress.gateway.<action>`. */
final class Gateway extends Page
{
    public function configureActions()
    {
        $look = ['prefilters' => [
            new Authentication(),
            new HttpMethod([HttpMethod::METHOD_POST]),
            new Csrf(),
            new Right('R'),
        ]];

        return ['status' => $look, 'deadLetters' => $look, 'trace' => $look, 'job' => $look];
    }

    public function statusAction(int $connection): ?array
    {
        return $this->ask($connection, static fn (ShopApi $api): array => $api->status());
    }

    public function deadLettersAction(int $connection, string $cursor = ''): ?array
    {
        $from = $cursor === '' ? null : $cursor;

        return $this->ask($connection, static fn (ShopApi $api): array => $api->deadLetters(null, $from, 200));
    }

    /** @param list<string> $keys none: all of the lane, or of all lanes where none is given */
    public function redriveAction(int $connection, array $keys = [], string $lane = ''): ?array
    {
        $keys = array_map(strval(...), array_values($keys));

        return $this->ask(
            $connection,
            static fn (ShopApi $api): array => $api->redrive($keys, $lane === '' ? null : $lane),
        );
    }

    /** @param non-empty-list<string> $keys */
    public function discardAction(int $connection, array $keys, string $lane): ?array
    {
        $keys = array_map(strval(...), array_values($keys));

        return $this->ask($connection, static fn (ShopApi $api): array => $api->discard($keys, $lane));
    }

    /** @param int $hours how far back; 0: everything that is kept */
    public function replayAction(int $connection, string $lane, int $hours, string $dryRun): ?array
    {
        $since = $hours > 0 ? gmdate('Y-m-d\TH:i:s\Z', time() - min($hours, 24 * 365) * 3600) : null;
        $isDryRun = $dryRun !== 'N';

        return $this->ask(
            $connection,
            static fn (ShopApi $api): array => $api->replay($lane === '' ? null : $lane, $since, $isDryRun),
        );
    }

    public function jobAction(int $connection, string $id): ?array
    {
        return $this->ask($connection, static fn (ShopApi $api): array => $api->job($id));
    }

    public function traceAction(int $connection, string $sku): ?array
    {
        return $this->ask($connection, static fn (ShopApi $api): array => $api->trace($sku));
    }

    /** Where to send the seller for consent. */
    public function consentAction(int $connection): ?array
    {
        return $this->ask($connection, static fn (ShopApi $api): array => $api->consentUrl());
    }

    public function guardAction(int $connection, string $confirm): ?array
    {
        return $this->ask($connection, static fn (ShopApi $api): array => $api->decideGuard($confirm === 'Y'));
    }
}
