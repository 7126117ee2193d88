<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\ExchangeGate;
use Aligate\Aliexpress\Outbox\Importing;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Outbox\OutboxRepository;
use Aligate\Aliexpress\Outbox\Touch;
use Aligate\Aliexpress\Outbox\Touches;

/**
 * The request or process in which changes are seen: why things change in it, and the way of what changed into the
 * outbox.
 *
 * Nothing here reads what changed. All ids are normalised before they come here; 0 is not an id and marks nothing.
 */
final class Hit
{
    private bool $isOrderSaved = false;
    private bool $waitsForExchange = true;

    /** @param bool $isExchange whether the hit belongs to an exchange with 1C */
    public function __construct(
        public readonly RowMemory $memory,
        private readonly Touches $touches,
        private readonly Audience $audience,
        private readonly OrderMarks $orders,
        private readonly Importing $importing,
        private readonly OutboxRepository $outbox,
        private readonly ExchangeGate $gate,
        private bool $isExchange,
    ) {
    }

    /**
     * An element changed: a product or an offer.
     *
     * @param int $iblockId 0 where the event does not tell it
     * @param bool $changesStock whether its quantity or the name it is sold under may have changed with it; unlike the
     *     product itself, stock does not wait for the end of an exchange
     */
    public function element(int $elementId, int $iblockId, bool $changesStock): void
    {
        $kinds = $changesStock ? [Kind::Product, Kind::Stock] : [Kind::Product];
        $this->mark($kinds, $elementId, $this->audience->ofIblock($iblockId));
    }

    /** The quantity of a product or an offer changed. `warehouseId` is 0 where it is not told or concerns all. */
    public function stock(int $productId, int $warehouseId = 0): void
    {
        $this->mark([Kind::Stock], $productId, $this->audience->ofWarehouse($warehouseId));
    }

    /**
     * A price of a product or an offer changed.
     *
     * @param int $priceTypeId 0 where it is not told or concerns all
     * @param bool $changesStock whether it appeared or vanished: what has no price is not sold
     */
    public function price(int $productId, int $priceTypeId = 0, bool $changesStock = false): void
    {
        $kinds = $changesStock ? [Kind::Price, Kind::Stock] : [Kind::Price];
        $this->mark($kinds, $productId, $this->audience->ofPriceType($priceTypeId));
    }

    /** An order changed. Only orders of AliExpress are reported, and not what our own importer writes. */
    public function order(int $orderId): void
    {
        $reported = $this->importing->isRunning() ? [] : $this->audience->ofOrders();
        if ($orderId > 0 && $reported !== []) {
            $connections = array_intersect($this->orders->connections($orderId), $reported);
            $this->mark([Kind::Order], $orderId, array_values($connections));
        }
    }

    /** A section changed. `iblockId` is 0 where the event does not tell it. */
    public function section(int $sectionId, int $iblockId): void
    {
        $this->mark([Kind::Section], $sectionId, $this->audience->ofIblock($iblockId));
    }

    /** Every product of an infoblock may have changed. */
    public function iblock(int $iblockId): void
    {
        $this->mark([Kind::Iblock], $iblockId, $this->audience->ofIblock($iblockId));
    }

    /** The definition of an infoblock changed; of each one with goods where it is not told (0). */
    public function definition(int $iblockId): void
    {
        foreach ($iblockId === 0 ? $this->audience->iblockIds() : [$iblockId] as $id) {
            $this->mark([Kind::Definition], $id, $this->audience->ofIblock($id));
        }
    }

    /** A price type changed. */
    public function priceType(int $priceTypeId): void
    {
        $this->mark([Kind::PriceType], $priceTypeId, $this->audience->ofPriceType($priceTypeId));
    }

    /** Every price may have changed. */
    public function allPrices(): void
    {
        $this->write([Kind::PriceType], 0, $this->audience->ofGoods());
    }

    /** A rate of a currency changed: every price, where prices are converted or have discounts. */
    public function rate(): void
    {
        $this->write([Kind::PriceType], 0, $this->audience->ofRates());
    }

    /** A discount changed: every price, where prices are sent with discounts. */
    public function discount(): void
    {
        $this->write([Kind::PriceType], 0, $this->audience->ofDiscounts());
    }

    /** A warehouse changed. */
    public function warehouse(int $warehouseId): void
    {
        $this->mark([Kind::Warehouse], $warehouseId, $this->audience->ofWarehouse($warehouseId));
    }

    /** Every quantity may have changed. */
    public function allStock(): void
    {
        $this->write([Kind::Warehouse], 0, $this->audience->ofGoods());
    }

    /** A file of an exchange begins. */
    public function exchangeFileBegan(string $fileName): void
    {
        $this->isExchange = true;
        $this->waitsForExchange = true;
        $this->gate->fileBegan($fileName, $this->outbox->now());
    }

    /** A file of an exchange is through: what this hit remembers is written first, so that it is let go as well. */
    public function exchangeFileEnded(string $fileName): void
    {
        $this->isExchange = true;
        $this->touches->flush();
        $this->gate->fileEnded($fileName, $this->outbox->now());
    }

    /** An exchange is through. */
    public function exchangeEnded(): void
    {
        $this->isExchange = true;
        $this->waitsForExchange = false;
        $this->touches->flush();
        $this->gate->exchangeEnded($this->outbox->now());
    }

    /** An order is being saved: what happens to stock until it is saved, its reservations do. */
    public function beginOrder(): void
    {
        $this->isOrderSaved = true;
    }

    public function endOrder(): void
    {
        $this->isOrderSaved = false;
    }

    /** @param list<Kind> $kinds what changed */
    private function cause(array $kinds): Cause
    {
        if ($kinds === [Kind::Order] || $this->isOrderSaved || $this->importing->isRunning()) {
            return Cause::Order;
        }

        return $this->isExchange ? Cause::Exchange : Cause::Edit;
    }

    /**
     * @param list<Kind> $kinds
     * @param list<int> $connections
     */
    private function mark(array $kinds, int $entityId, array $connections): void
    {
        if ($entityId > 0) {
            $this->write($kinds, $entityId, $connections);
        }
    }

    /**
     * @param list<Kind> $kinds
     * @param list<int> $connections
     */
    private function write(array $kinds, int $entityId, array $connections): void
    {
        if ($connections === []) {
            return;
        }
        $cause = $this->cause($kinds);
        $isHeldBack = $cause === Cause::Exchange && $this->waitsForExchange;
        $touches = [];
        foreach ($kinds as $kind) {
            $wait = $isHeldBack && $kind->waitsForExchange() ? ExchangeGate::WAIT_SECS : null;
            $touches[] = new Touch($kind, $entityId, $cause, $wait);
        }
        $this->touches->touchAll($touches, $connections);
    }
}
