<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Export\Exporter;
use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Outbox\OutboxRepository;

/** The gateway asks for the shop's truth (`state.requested`): what it names is marked as changed, with `force`. */
final class StateRequest
{
    /** SKUs or products of one request. */
    public const NAMES_MAX = 10000;

    public function __construct(
        private readonly OutboxRepository $outbox,
        private readonly SentRepository $sent,
        private readonly Exporter $exporter,
    ) {
    }

    /**
     * @param array<array-key, mixed> $data of the event: `skus`, `product_ids` or `all`
     * @return int how many entities were marked; for `all` those that will be
     * @throws \InvalidArgumentException where it names nothing, or in a way that cannot be read
     */
    public function mark(Connection $connection, array $data): int
    {
        if (($data['all'] ?? false) === true) {
            return $this->exporter->start($connection, 0, 0, true)->total;
        }
        $skus = self::names($data, 'skus');
        $products = array_map(self::id(...), self::names($data, 'product_ids'));
        if ($skus === [] && $products === []) {
            throw new \InvalidArgumentException('neither skus nor product_ids nor all is given');
        }
        $elements = [];
        foreach (array_chunk($skus, 500) as $chunk) {
            foreach ($this->sent->bySku($connection->id, $chunk) as $row) {
                $elements[$row->elementId] = $row->elementId;
            }
        }
        $this->outbox->append($connection->id, Kind::Product, $products, Cause::Sweep, true);
        $this->outbox->append($connection->id, Kind::Stock, array_values($elements), Cause::Sweep, true);
        $this->outbox->append($connection->id, Kind::Price, array_values($elements), Cause::Sweep, true);

        return count($products) + count($elements);
    }

    /**
     * @param array<array-key, mixed> $data
     * @return list<string>
     */
    private static function names(array $data, string $field): array
    {
        $names = $data[$field] ?? [];
        if (!is_array($names) || count($names) > self::NAMES_MAX || array_filter($names, is_string(...)) !== $names) {
            throw new \InvalidArgumentException("$field is not a list of at most " . self::NAMES_MAX . ' texts');
        }

        return array_values(array_unique($names));
    }

    private static function id(string $name): int
    {
        if (preg_match('/\A[1-9][0-9]{0,9}\z/', $name) !== 1) {
            throw new \InvalidArgumentException('product_ids holds what is no id of this shop');
        }

        return (int)$name;
    }
}
