<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

/** An event that is to be sent, and what its being taken means. */
final class Outgoing
{
    public const STOCK = 'stock.changed';
    public const PRICE = 'price.changed';
    public const PRODUCT = 'product.changed';
    public const DELETED = 'product.deleted';
    public const ORDER = 'order.status_changed';

    /**
     * @param array<string, mixed> $data of the event
     * @param list<Mark> $marks what was told, once it is taken or refused for good
     * @param list<SentRow> $releases SKUs that are given up, once it is taken
     */
    public function __construct(
        public readonly string $type,
        public readonly array $data,
        public readonly Want $want,
        public readonly array $marks = [],
        public readonly array $releases = [],
    ) {
    }

    /** Whether it takes something off sale: what waits while nobody knows whether the shop's data are the newest. */
    public function withdraws(): bool
    {
        return $this->type === self::DELETED || ($this->type === self::STOCK && $this->data['quantity'] === 0);
    }

    /** What goes first: sold out, parcels, stock, prices, content. */
    public function rank(): int
    {
        return match ($this->type) {
            self::STOCK => $this->withdraws() ? 0 : 2,
            self::ORDER => 1,
            self::PRICE => 3,
            default => 4,
        };
    }

    /** @return array<string, mixed> as the gateway takes it */
    public function toArray(int $version): array
    {
        $event = ['type' => $this->type, 'version' => $version, 'cause' => $this->want->cause->value];
        if ($this->want->isForced) {
            $event['force'] = true;
        }

        return $event + ['data' => $this->data];
    }
}
