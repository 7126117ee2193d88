<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

/** How far an order of AliExpress is; a greater one is later. Holds and disputes say nothing of it. */
enum Phase: int
{
    case Placed = 1;
    case ToShip = 2;
    case PartlyShipped = 3;
    case Shipped = 4;
    case Finished = 5;

    /** Null: the status is a hold or a dispute, or not known here; the phase is then told by what is paid. */
    public static function of(string $status): ?self
    {
        return match ($status) {
            'PLACE_ORDER_SUCCESS', 'PAYMENT_PROCESSING', 'WAIT_GROUP_SUCCESS', 'IN_BOOK_SALE', 'WAIT_SELLER_EXAMINE_MONEY' => self::Placed,
            'WAIT_SELLER_SEND_GOODS' => self::ToShip,
            'SELLER_PART_SEND_GOODS' => self::PartlyShipped,
            'WAIT_BUYER_ACCEPT_GOODS' => self::Shipped,
            'FUND_PROCESSING', 'FINISH', 'ARCHIVE' => self::Finished,
            default => null,
        };
    }

    /** The status of `sale` where the settings name none; null: the order keeps its own. */
    public function defaultStatus(): ?string
    {
        return match ($this) {
            self::Placed => 'N',
            self::ToShip => 'P',
            self::Finished => 'F',
            default => null,
        };
    }
}
