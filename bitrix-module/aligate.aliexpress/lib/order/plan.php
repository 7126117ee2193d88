<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

use Aligate\Aliexpress\OrderDefaults;

/**
 * What an order of AliExpress asks of the shop's order, by its status, hold and payment and by what was done before.
 *
 * Pure. Ours in an order of the shop: that it is paid, its status as long as that moves forward, the mark "do not ship",
 * cancellation of what was never paid or never shipped, and lines as we wrote them. Everything else is the managers'.
 */
final class Plan
{
    /** Statuses that ask for a person: the buyer wants to cancel, quarrels, or the order is frozen. */
    private const FLAGS = ['IN_CANCEL', 'IN_ISSUE', 'IN_FROZEN'];

    /** Statuses that hold an order back from shipping by themselves. */
    private const HOLDS = ['RISK_CONTROL', 'RISK_CONTROL_HOLD', 'IN_FROZEN', 'IN_CANCEL'];

    /**
     * @param Phase|null $phase how far it is, where its status tells
     * @param string|null $status of `sale` that it moves to, if that is later than its own
     * @param string $doNotShip why it must not be shipped; '': it may
     * @param string $flag what a manager has to look at; '': nothing
     */
    private function __construct(
        public readonly ?Phase $phase,
        public readonly ?string $status,
        public readonly bool $isPaid,
        public readonly string $doNotShip,
        public readonly string $flag,
        public readonly bool $isCancelled,
    ) {
    }

    public static function of(OrderData $order, OrderDefaults $defaults, Done $done): self
    {
        $phase = Phase::of($order->status);
        $isOver = $phase === Phase::Finished;
        // One that is first seen when it is over may have been shipped before we came: its payment is believed.
        $wasSeen = $done->phase > 0;
        $neverShipped = $wasSeen && $done->phase < Phase::PartlyShipped->value && !$done->isShippedInShop;
        $isCancelled = $isOver && (!$order->isPaid || $neverShipped);
        $named = $defaults->statuses[$order->status] ?? null;
        $isBack = $phase !== null && $phase->value < $done->phase;

        return new self(
            $phase,
            $isCancelled || $isBack || $phase === null ? null : $named ?? $phase->defaultStatus(),
            $order->isPaid,
            $order->hold !== '' ? $order->hold : (in_array($order->status, self::HOLDS, true) ? $order->status : ''),
            in_array($order->status, self::FLAGS, true) ? $order->status : '',
            $isCancelled,
        );
    }
}
