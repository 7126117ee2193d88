<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Signing\Signature;

/** Makes the clients of a connection's gateway, with the timeouts of the settings. */
final class Gateways
{
    public function __construct(private readonly ModuleOptions $options)
    {
    }

    /** @throws \InvalidArgumentException where the connection's URL or secret cannot be used */
    public function events(Connection $connection): GatewayClient
    {
        return new HttpGatewayClient($this->transport($connection));
    }

    /** @throws \InvalidArgumentException where the connection's URL or secret cannot be used */
    public function shopApi(Connection $connection): ShopApi
    {
        return new ShopApi($this->transport($connection));
    }

    private function transport(Connection $connection): Transport
    {
        return new Transport(
            $connection->gatewayUrl,
            $connection->shopId,
            new Signature($connection->secrets),
            $this->options->connectTimeoutMs(),
            $this->options->timeoutMs(),
        );
    }
}
