<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Log\Journal;
use Aligate\Aliexpress\Log\Level;
use Aligate\Aliexpress\Outbox\Importing;

/**
 * Takes an order of AliExpress into the shop: once, whoever delivers it how often, and at whichever step a write was cut off.
 *
 * The order, its reserves and its row of the order table are written in one transaction. Where the shop's tables take none (MyISAM),
 * the row is claimed first and completed last, and an order that was saved in between is found by its XML_ID.
 */
final class OrderImporter
{
    public function __construct(
        private readonly ImportedOrders $imported,
        private readonly SaleOrders $orders,
        private readonly OfferFinder $offers,
        private readonly Importing $importing,
        private readonly Journal $journal,
    ) {
    }

    /**
     * @param int $version orders the states of one order; the same or an older one gets the answer of the newest
     * @return array{order_id: string, created: bool}
     * @throws OrderInvalid
     * @throws OrderNotNow
     */
    public function import(Connection $connection, OrderData $data, int $version, string $digest): array
    {
        return $this->imported->alone(
            $connection->id,
            $data->id,
            fn (OrderRow $row): array => $this->take($connection, $data, $version, $digest, $row),
        );
    }

    /** @return array{order_id: string, created: bool} */
    private function take(Connection $connection, OrderData $data, int $version, string $digest, OrderRow $row): array
    {
        if ($row->answer !== '' && $version <= $row->version) {
            $known = json_decode($row->answer, true, 4);
            $isSame = $version === $row->version && $digest === $row->digest;

            return $isSame && is_array($known) ? $known : ['order_id' => (string)$row->orderId, 'created' => false];
        }
        Shop::open();
        $orderId = $row->orderId > 0 ? $row->orderId : $this->orders->find($data->id);
        $offers = $orderId > 0 ? [] : $this->offersOf($connection, $data);
        [$written, $answer] = $this->imported->whole(array_values($offers), $orderId, function () use ($connection, $data, $version, $digest, $row, $orderId, $offers): array {
            $this->imported->claim($connection->id, $data->id);
            $planner = static fn (Done $done): Plan => Plan::of($data, $connection->orders, $done);
            $written = $this->importing->during(
                fn (): ?Written => $orderId > 0
                    ? $this->orders->update($orderId, $data, $planner, $connection->orders, $row->done)
                    : $this->orders->create($data, $planner(new Done()), $connection->orders, $offers),
            );
            // One that a manager deleted stays deleted.
            $written ??= new Written($orderId, $row->done, ['order_gone' => "the shop's order $orderId was deleted"]);
            $answer = ['order_id' => (string)$written->orderId, 'created' => $orderId < 1];
            $kept = new OrderRow($written->orderId, $version, $digest, json_encode($answer, JSON_THROW_ON_ERROR), $written->done);
            $this->imported->keep($connection->id, $data->id, $data->status, $kept);

            return [$written, $answer];
        });
        foreach ($written->notes as $code => $detail) {
            $this->journal->write($connection->id, Level::Warning, $code, "AliExpress {$data->id}, order {$written->orderId}: $detail");
        }

        return $answer;
    }

    /**
     * @return array<string, int> SKU => element
     * @throws OrderInvalid
     */
    private function offersOf(Connection $connection, OrderData $data): array
    {
        $skus = array_map(static fn (Line $line): string => $line->sku, $data->lines);
        $offers = $this->offers->find($connection, $skus);
        if ($connection->orders->refusesUnknownSkus) {
            $unknown = array_values(array_unique(array_filter($skus, static fn (string $sku): bool => !isset($offers[$sku]))));
            if ($unknown !== []) {
                $detail = 'the shop has no product with the SKU ' . implode(', ', array_slice($unknown, 0, 20));
                throw new OrderInvalid('sku_unknown', $detail);
            }
        }

        return $offers;
    }
}
