<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Outbox\IblockFamily;

/** Which connections a change concerns, as far as its event tells; what it does not tell, the readers filter. */
final class Audience
{
    /** @var list<Connection>|null of which the lists below were made */
    private ?array $known = null;

    /** @var array<int, list<int>> infoblock of products or offers => connections */
    private array $byIblock = [];

    /** @var list<Connection> those that have goods at all */
    private array $withGoods = [];

    public function __construct(private readonly ModuleOptions $options, private readonly IblockFamily $family)
    {
    }

    /** @return list<int> connections that sell goods of this infoblock; of any where it is not told (0) */
    public function ofIblock(int $iblockId): array
    {
        $this->refresh();

        return $iblockId === 0 ? $this->ofGoods() : $this->byIblock[$iblockId] ?? [];
    }

    /** @return list<int> connections that use this price type; of any where it is not told (0) */
    public function ofPriceType(int $priceTypeId): array
    {
        $this->refresh();
        $ids = [];
        foreach ($this->withGoods as $connection) {
            if ($priceTypeId === 0 || $connection->priceTypeId === 0 || $connection->priceTypeId === $priceTypeId) {
                $ids[] = $connection->id;
            }
        }

        return $ids;
    }

    /** @return list<int> connections that count this warehouse; of any where it is not told (0) */
    public function ofWarehouse(int $warehouseId): array
    {
        $this->refresh();
        $ids = [];
        foreach ($this->withGoods as $connection) {
            $chosen = $connection->warehouseIds;
            if ($warehouseId === 0 || $chosen === [] || in_array($warehouseId, $chosen, true)) {
                $ids[] = $connection->id;
            }
        }

        return $ids;
    }

    /** @return list<int> connections that send prices with discounts */
    public function ofDiscounts(): array
    {
        $this->refresh();
        $using = array_filter($this->withGoods, static fn (Connection $one): bool => $one->useDiscounts);

        return array_values(array_map(static fn (Connection $one): int => $one->id, $using));
    }

    /** @return list<int> connections whose prices depend on rates of currencies */
    public function ofRates(): array
    {
        $this->refresh();
        $ids = [];
        foreach ($this->withGoods as $connection) {
            if ($connection->currency !== '' || $connection->useDiscounts) {
                $ids[] = $connection->id;
            }
        }

        return $ids;
    }

    /** @return list<int> connections that have goods */
    public function ofGoods(): array
    {
        return $this->ofPriceType(0);
    }

    /** @return list<int> connections whose orders are reported */
    public function ofOrders(): array
    {
        $ids = [];
        foreach ($this->options->connections() as $connection) {
            if ($connection->isActive && $connection->sendsOrders) {
                $ids[] = $connection->id;
            }
        }

        return $ids;
    }

    /** @return list<int> infoblocks of products and offers of any connection */
    public function iblockIds(): array
    {
        $this->refresh();

        return array_keys($this->byIblock);
    }

    private function refresh(): void
    {
        $connections = $this->options->connections();
        if ($connections === $this->known) {
            return;
        }
        $byIblock = [];
        $withGoods = [];
        foreach ($connections as $connection) {
            if ($connection->isActive && $connection->iblockIds !== []) {
                $withGoods[] = $connection;
                foreach (array_keys($this->family->of($connection->iblockIds)) as $iblockId) {
                    $byIblock[$iblockId][] = $connection->id;
                }
            }
        }
        [$this->known, $this->byIblock, $this->withGoods] = [$connections, $byIblock, $withGoods];
    }
}
