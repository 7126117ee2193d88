<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

use Bitrix\Main\DB\Connection as Database;

/** Which orders of the shop are orders of AliExpress: those with a row in the order table. */
final class OrderMarks
{
    /** How long an answer is believed: one save of an order asks a dozen times. */
    private const BELIEVED_SECS = 2.0;

    private const ORDERS_MAX = 1000;

    /** @var array<int, array{float, list<int>}> order => when it was asked, and its connections */
    private array $asked = [];

    public function __construct(private readonly Database $database)
    {
    }

    /** @return list<int> connections that the order came from; empty for the shop's own orders */
    public function connections(int $orderId): array
    {
        $now = hrtime(true) / 1e9;
        [$askedAt, $connections] = $this->asked[$orderId] ?? [0.0, []];
        if ($connections !== [] || ($askedAt > 0.0 && $now - $askedAt < self::BELIEVED_SECS)) {
            return $connections;
        }
        $rows = $this->database->query(
            "SELECT DISTINCT CONNECTION_ID FROM b_aligate_aliexpress_order WHERE ORDER_ID = $orderId"
        );
        while ($row = $rows->fetch()) {
            $connections[] = (int)$row['CONNECTION_ID'];
        }
        if (count($this->asked) >= self::ORDERS_MAX) {
            $this->asked = [];
        }
        $this->asked[$orderId] = [$now, $connections];

        return $connections;
    }
}
